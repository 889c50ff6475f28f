package dev.weir.gateway.rows;

import org.jspecify.annotations.Nullable;

/** Thrown for a row that cannot be an event; says why. Stackless. */
public final class UnusableRow extends Exception {

  private final RowFault code;
  private final @Nullable String field;

  /** @param field the part of the event at fault, or null when it is the row as a whole */
  public UnusableRow(RowFault code, @Nullable String field, String why) {
    super(why, null, false, false);
    this.code = code;
    this.field = field;
  }

  public RowFault code() {
    return code;
  }

  public @Nullable String field() {
    return field;
  }

  /** A clause about the row, without a full stop. */
  public String why() {
    return String.valueOf(getMessage());
  }

  /** A piece of the file's text for such a clause. */
  public static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
