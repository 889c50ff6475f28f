package dev.weir.rating;

import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A named rounding: how, and to how many decimals (0 to {@value #SCALE_MAX}). */
public record Rounding(Mode mode, int scale) {

  public static final int SCALE_MAX = 18;

  /** The modes of the wire, in lower case there. */
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
  }

  public Rounding {
    if (scale < 0 || scale > SCALE_MAX) {
      throw new Refusal(
          RatingError.PRICE_MODIFIER_INVALID,
          "rounding.scale",
          "'rounding.scale' must be from 0 to " + SCALE_MAX + ".");
    }
  }

  public BigDecimal apply(BigDecimal amount) {
    return amount.setScale(scale, mode.rule);
  }
}
