package dev.weir.gateway.rows;

import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a property of an event's data is, when its source is text. */
public enum ValueKind {
  /** An exact number; no text, no property. */
  NUMBER,
  /** An exact number; no text is zero. */
  NUMBER_OR_ZERO,
  /** The text as it is. */
  TEXT,
  /** {@code true} or {@code false}, in any case; no text, no property. */
  BOOLEAN;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The value of a text: a BigDecimal, String or Boolean; null when the property is to be left out.
   *
   * @param field for the message
   */
  public @Nullable Object read(String text, String field) throws UnusableRow {
    return switch (this) {
      case TEXT -> text;
      case NUMBER -> text.isBlank() ? null : number(text, field);
      case NUMBER_OR_ZERO -> text.isBlank() ? BigDecimal.ZERO : number(text, field);
      case BOOLEAN -> text.isBlank() ? null : truth(text, field);
    };
  }

  private static BigDecimal number(String text, String field) throws UnusableRow {
    BigDecimal value = ExactNumber.parse(text);
    if (value == null) {
      throw new UnusableRow(
          RowFault.ROW_NUMBER_INVALID,
          field,
          "'%s' is no %s".formatted(UnusableRow.shortened(text), ExactNumber.FORM));
    }
    return value;
  }

  private static Boolean truth(String text, String field) throws UnusableRow {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default ->
        throw new UnusableRow(
            RowFault.ROW_FIELD_INVALID,
            field,
            "'%s' is neither true nor false".formatted(UnusableRow.shortened(text)));
    };
  }
}
