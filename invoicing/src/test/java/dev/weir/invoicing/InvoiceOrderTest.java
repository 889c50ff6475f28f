package dev.weir.invoicing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.Refusal;
import org.junit.jupiter.api.Test;

final class InvoiceOrderTest {

  @Test
  void theSignGivesTheDirection() {
    assertEquals(
        new InvoiceOrder(InvoiceOrder.Key.TOTAL_AMOUNT, true), InvoiceOrder.parse("-totalAmount"));
    assertEquals(
        new InvoiceOrder(InvoiceOrder.Key.DUE_DATE, false), InvoiceOrder.parse("+dueDate"));
    assertEquals(
        new InvoiceOrder(InvoiceOrder.Key.CREATED_AT, false), InvoiceOrder.parse("createdAt"));
    assertEquals(
        new InvoiceOrder(InvoiceOrder.Key.CREATED_AT, false), InvoiceOrder.parse(" createdAt"));
  }

  @Test
  void anythingElseIsRefused() {
    for (String text : new String[] {"", "-", "total", "createdAt desc", "created_at; DROP"}) {
      Refusal refusal = assertThrows(Refusal.class, () -> InvoiceOrder.parse(text));
      assertEquals(InvoicingError.INVOICE_FILTER_INVALID, refusal.code());
      assertEquals("sort", refusal.field());
    }
  }

  @Test
  void statusesAreReadWhateverTheirCase() {
    assertEquals(InvoiceStatus.UNCOLLECTIBLE, InvoiceStatus.parse("Uncollectible", "status"));
    assertEquals("void", InvoiceStatus.VOID.word());
    assertEquals("uncollectible", InvoiceStatus.UNCOLLECTIBLE.word());
    Refusal refusal = assertThrows(Refusal.class, () -> InvoiceStatus.parse("late", "status"));
    assertEquals("status", refusal.field());
  }
}
