package dev.weir.invoicing;

import dev.weir.metering.Refusal;
import java.util.Arrays;
import java.util.List;

/** In which order a list of invoices comes; equals are in order of id. */
public record InvoiceOrder(Key key, boolean descending) {

  /** What to sort by. */
  public enum Key {
    CREATED_AT("createdAt", "created_at"),
    TOTAL_AMOUNT("totalAmount", "total_amount"),
    /** Drafts, which have no due date, come last. */
    DUE_DATE("dueDate", "due_date");

    private final String word;
    private final String column;

    Key(String word, String column) {
      this.word = word;
      this.column = column;
    }
  }

  public static final InvoiceOrder NEWEST_FIRST = new InvoiceOrder(Key.CREATED_AT, true);

  /** Reads {@code createdAt}, {@code +createdAt}, {@code -createdAt} and the like. */
  public static InvoiceOrder parse(String text) {
    boolean descending = text.startsWith("-");
    // A '+' in a query string that was not escaped arrives as a space.
    String word =
        descending || text.startsWith("+") || text.startsWith(" ") ? text.substring(1) : text;
    for (Key key : Key.values()) {
      if (key.word.equals(word)) {
        return new InvoiceOrder(key, descending);
      }
    }
    List<String> known = Arrays.stream(Key.values()).map(key -> key.word).toList();
    throw new Refusal(
        InvoicingError.INVOICE_FILTER_INVALID,
        "sort",
        "'sort' must be one of %s, with '-' before it for descending.".formatted(known));
  }

  String sql() {
    String direction = descending ? "DESC" : "ASC";
    // Qualified, because a bare name would mean the text the column is read as.
    return "ORDER BY invoices.%s %s NULLS LAST, invoices.invoice_id %s"
        .formatted(key.column, direction, direction);
  }
}
