package dev.weir.gateway.csv;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the numbers that CSV files have, within the limits of event values. */
final class CsvNumber {

  private static final int CHARS_MAX = 64;
  private static final int DIGITS_MAX = 38;
  private static final int DECIMALS_MAX = 18;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?");

  private CsvNumber() {}

  /**
   * The exact value; an empty cell is zero. Null when the text is no number, or one with more than
   * 38 digits or 18 decimals.
   */
  static @Nullable BigDecimal parse(String text) {
    String digits = text.strip();
    if (digits.isEmpty()) {
      return BigDecimal.ZERO;
    }
    if (digits.length() > CHARS_MAX || !NUMBER.matcher(digits).matches()) {
      return null;
    }
    BigDecimal value = new BigDecimal(digits);
    boolean fits = value.scale() <= DECIMALS_MAX
        && value.precision() - Math.min(value.scale(), 0) <= DIGITS_MAX;
    return fits ? value : null;
  }
}
