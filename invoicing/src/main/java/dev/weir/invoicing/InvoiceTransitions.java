package dev.weir.invoicing;

import dev.weir.metering.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may become of an invoice: draft → open → paid, void or uncollectible. Pure; every "no" is an
 * INVOICE_STATUS_REFUSED that says which status is needed.
 */
public final class InvoiceTransitions {

  private InvoiceTransitions() {}

  /** Refuses unless the invoice may be finalised; asked before a number is taken. */
  static void requireDraft(Invoice invoice) {
    require(invoice, InvoiceStatus.DRAFT, "finalised");
  }

  /** Issues a draft under its number. */
  public static Invoice finalized(Invoice draft, String number, PaymentTerms terms, Instant now) {
    requireDraft(draft);
    return draft.with(
        new Invoice.Standing(InvoiceStatus.OPEN, null, now),
        new Invoice.Issue(number, now, terms.dueDate(now), now),
        draft.amounts());
  }

  /** Takes an open invoice back: it keeps its number and owes nothing. Not once money was paid. */
  public static Invoice voided(Invoice open, @Nullable String reason, Instant now) {
    require(open, InvoiceStatus.OPEN, "voided");
    if (open.amounts().paid().signum() != 0) {
      throw new Refusal(
          InvoicingError.INVOICE_STATUS_REFUSED,
          "status",
          "Invoice %s has payments of %s; refund them before voiding it."
              .formatted(open.title(), open.amounts().paid().toPlainString()));
    }
    return open.with(
        new Invoice.Standing(InvoiceStatus.VOID, reason, now),
        open.issue(),
        open.amounts().nothingDue());
  }

  /** Gives an open invoice up; what is due stays due. */
  public static Invoice uncollectible(Invoice open, @Nullable String reason, Instant now) {
    require(open, InvoiceStatus.OPEN, "marked uncollectible");
    return open.with(
        new Invoice.Standing(InvoiceStatus.UNCOLLECTIBLE, reason, now),
        open.issue(),
        open.amounts());
  }

  private static void require(Invoice invoice, InvoiceStatus needed, String action) {
    if (invoice.status() != needed) {
      throw new Refusal(
          InvoicingError.INVOICE_STATUS_REFUSED,
          "status",
          "Invoice %s is %s and cannot be %s; only %s invoices can."
              .formatted(invoice.title(), invoice.status().word(), action, needed.word()));
    }
  }
}
