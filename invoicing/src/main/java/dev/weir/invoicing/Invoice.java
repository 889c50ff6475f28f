package dev.weir.invoicing;

import dev.weir.metering.Invariant;
import dev.weir.metering.Refusal;
import java.time.Instant;
import java.util.Currency;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a customer owes for a boundary of a subscription. Its lines are {@link InvoiceItem}s, kept
 * beside it.
 *
 * @param standing its status and how it came to it
 * @param issue number and dates; null exactly while it is a draft
 * @param origin what it was made from
 * @param periodStart of the period it closes; of the one it opens when it bills only in advance
 */
public record Invoice(
    UUID id,
    UUID tenantId,
    Standing standing,
    @Nullable Issue issue,
    BillTo billTo,
    Origin origin,
    InvoiceAmounts amounts,
    Instant periodStart,
    Instant periodEnd,
    @Nullable String notes,
    Instant createdAt) {

  /**
   * @param reason what was said when the status was last changed
   * @param since when it was last changed
   */
  public record Standing(InvoiceStatus status, @Nullable String reason, Instant since) {}

  /**
   * What an invoice gets when it is issued.
   *
   * @param finalizedAt when the number was taken
   */
  public record Issue(String number, Instant issueDate, Instant dueDate, Instant finalizedAt) {}

  /**
   * @param boundary which boundary of the subscription it bills
   * @param runId the billing run that made it
   */
  public record Origin(
      UUID subscriptionId, int boundary, @Nullable UUID runId) {}

  public Invoice {
    Invariant.check(
        (standing.status() == InvoiceStatus.DRAFT) == (issue == null),
        "drafts, and only they, have no number");
    Invariant.check(periodStart.isBefore(periodEnd), "an invoice's period is not empty");
  }

  public InvoiceStatus status() {
    return standing.status();
  }

  public Currency currency() {
    return amounts.currency();
  }

  /** Null while it is a draft. */
  public @Nullable String invoiceNumber() {
    return issue == null ? null : issue.number();
  }

  /** What to call it in a message: the number, else the id. */
  public String title() {
    return issue == null ? id.toString() : issue.number();
  }

  Invoice with(Standing next, @Nullable Issue nextIssue, InvoiceAmounts nextAmounts) {
    return new Invoice(
        id,
        tenantId,
        next,
        nextIssue,
        billTo,
        origin,
        nextAmounts,
        periodStart,
        periodEnd,
        notes,
        createdAt);
  }

  /** The refusal for an id or number that the tenant does not have. */
  static Refusal notFound(String idOrNumber) {
    return new Refusal(
        InvoicingError.INVOICE_NOT_FOUND,
        "There is no invoice '%s'; give an invoice's id or number.".formatted(idOrNumber));
  }
}
