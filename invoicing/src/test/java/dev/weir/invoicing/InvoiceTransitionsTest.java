package dev.weir.invoicing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.Refusal;
import dev.weir.rating.catalog.Plan;
import dev.weir.rating.catalog.RateCard;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class InvoiceTransitionsTest {

  private static final Instant NOW = Instant.parse("2026-09-02T10:00:00Z");

  private final Invoice draft = draft();
  private final Invoice open =
      InvoiceTransitions.finalized(draft, "INV-000007", PaymentTerms.STANDARD, NOW);

  private static Invoice draft() {
    Plan plan = Samples.plan("USD", Samples.fee("base", "99", RateCard.Billing.IN_ADVANCE));
    return InvoiceDraft.close(
            Samples.subscription(plan), Samples.customer("USD"), plan, 0, Map.of())
        .invoice(new UUID(6, 6), null, NOW);
  }

  @Test
  void finalisingGivesNumberAndDates() {
    assertEquals(InvoiceStatus.OPEN, open.status());
    Invoice.Issue issue = Objects.requireNonNull(open.issue());
    assertEquals("INV-000007", issue.number());
    assertEquals(NOW, issue.issueDate());
    assertEquals(Instant.parse("2026-10-02T10:00:00Z"), issue.dueDate());
    assertEquals(draft.amounts(), open.amounts());
  }

  @Test
  void voidingKeepsTheNumberAndLeavesNothingDue() {
    Invoice voided = InvoiceTransitions.voided(open, "billed twice", NOW);

    assertEquals(InvoiceStatus.VOID, voided.status());
    assertEquals("INV-000007", voided.invoiceNumber());
    assertEquals("billed twice", voided.standing().reason());
    assertEquals(new BigDecimal("0.00"), voided.amounts().due());
    assertEquals(new BigDecimal("99.00"), voided.amounts().total());
  }

  @Test
  void givingUpKeepsWhatIsDue() {
    Invoice lost = InvoiceTransitions.uncollectible(open, null, NOW);

    assertEquals(InvoiceStatus.UNCOLLECTIBLE, lost.status());
    assertEquals(new BigDecimal("99.00"), lost.amounts().due());
  }

  @Test
  void onlyDraftsAreFinalisedAndOnlyOpenInvoicesLeave() {
    Invoice voided = InvoiceTransitions.voided(open, null, NOW);

    refused(() -> InvoiceTransitions.finalized(open, "INV-000008", PaymentTerms.STANDARD, NOW));
    refused(() -> InvoiceTransitions.voided(draft, null, NOW));
    refused(() -> InvoiceTransitions.voided(voided, null, NOW));
    refused(() -> InvoiceTransitions.uncollectible(draft, null, NOW));
    refused(() -> InvoiceTransitions.uncollectible(voided, null, NOW));
  }

  @Test
  void anInvoiceWithPaymentsIsNotVoided() {
    InvoiceAmounts amounts = open.amounts();
    Invoice partlyPaid = open.with(
        open.standing(),
        open.issue(),
        new InvoiceAmounts(
            amounts.currency(),
            amounts.subtotal(),
            amounts.discount(),
            amounts.tax(),
            amounts.total(),
            new BigDecimal("9.00"),
            new BigDecimal("90.00")));

    Refusal refusal = refused(() -> InvoiceTransitions.voided(partlyPaid, null, NOW));

    assertTrue(refusal.text().contains("9.00"), refusal.text());
  }

  private static Refusal refused(Executable transition) {
    Refusal refusal = assertThrows(Refusal.class, transition);
    assertEquals(InvoicingError.INVOICE_STATUS_REFUSED, refusal.code());
    assertEquals("status", refusal.field());
    return refusal;
  }
}
