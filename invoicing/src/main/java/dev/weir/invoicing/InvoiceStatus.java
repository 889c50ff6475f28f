package dev.weir.invoicing;

import dev.weir.metering.Refusal;
import java.util.Arrays;
import java.util.Locale;

/** Where an invoice is in its life. */
public enum InvoiceStatus {
  /** Being put together: no number, may still change. */
  DRAFT,
  /** Issued: numbered, owed, unchangeable from here on. */
  OPEN,
  /** Settled in full. */
  PAID,
  /** Taken back; keeps its number and its place, owes nothing. */
  VOID,
  /** Still owed, but given up on. */
  UNCOLLECTIBLE;

  /** The word on the wire and in the database. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status of a word this program wrote; see {@link #parse} for words of callers. */
  public static InvoiceStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The status of a word from a caller; refuses with INVOICE_FILTER_INVALID. */
  public static InvoiceStatus parse(String word, String field) {
    for (InvoiceStatus status : values()) {
      if (status.name().equalsIgnoreCase(word)) {
        return status;
      }
    }
    throw new Refusal(
        InvoicingError.INVOICE_FILTER_INVALID,
        field,
        "'%s' must be one of %s."
            .formatted(field, Arrays.stream(values()).map(InvoiceStatus::word).toList()));
  }
}
