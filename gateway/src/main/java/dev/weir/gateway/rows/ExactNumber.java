package dev.weir.gateway.rows;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the numbers that files have, within the limits of event values. */
public final class ExactNumber {

  /** What a number may be, for messages. */
  public static final String FORM = "number of at most 38 digits, 18 of them decimals";

  private static final int CHARS_MAX = 64;
  private static final int DIGITS_MAX = 38;
  private static final int DECIMALS_MAX = 18;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?");

  private ExactNumber() {}

  /** The exact value, or null when the text is no number or one beyond the limits. */
  public static @Nullable BigDecimal parse(String text) {
    String digits = text.strip();
    if (digits.length() > CHARS_MAX || !NUMBER.matcher(digits).matches()) {
      return null;
    }
    BigDecimal value = new BigDecimal(digits);
    boolean fits = value.scale() <= DECIMALS_MAX
        && value.precision() - Math.min(value.scale(), 0) <= DIGITS_MAX;
    return fits ? value : null;
  }

  /** Without exponent and trailing zeros: equal numbers give equal text. */
  public static String plain(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }
}
