package dev.weir.metering.meter;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.math.RoundingMode;

/**
 * How the values that a meter answers are rounded: once, after everything else.
 *
 * @param scale digits after the point, from {@value #SCALE_MIN} to {@value #SCALE_MAX}; negative ones
 *     round to tens, hundreds and so on
 */
public record QuantityRounding(Mode mode, int scale) {

  public static final int SCALE_MIN = -18;
  public static final int SCALE_MAX = 18;

  /** The modes of the wire, in lower case there; the same as those of prices. */
  public enum Mode {
    /** Halves away from zero. */
    HALF_UP(RoundingMode.HALF_UP),
    /** Halves to the even neighbour. */
    HALF_EVEN(RoundingMode.HALF_EVEN),
    /** Away from zero. */
    UP(RoundingMode.UP),
    /** Towards zero. */
    DOWN(RoundingMode.DOWN),
    /** Towards positive infinity. */
    CEIL(RoundingMode.CEILING),
    /** Towards negative infinity. */
    FLOOR(RoundingMode.FLOOR);

    private final RoundingMode rule;

    Mode(RoundingMode rule) {
      this.rule = rule;
    }

    public RoundingMode rule() {
      return rule;
    }
  }

  public QuantityRounding {
    if (scale < SCALE_MIN || scale > SCALE_MAX) {
      throw new Refusal(
          MeteringError.FIELD_INVALID,
          "rounding.scale",
          "'rounding.scale' must be from %d to %d.".formatted(SCALE_MIN, SCALE_MAX));
    }
  }
}
