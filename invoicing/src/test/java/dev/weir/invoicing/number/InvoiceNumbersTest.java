package dev.weir.invoicing.number;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class InvoiceNumbersTest {

  @Test
  void numbersHaveSixDigitsAndMoreWhenNeeded() {
    assertEquals("INV-000001", InvoiceNumbers.format("INV-", 1));
    assertEquals("2026/999999", InvoiceNumbers.format("2026/", 999_999));
    assertEquals("INV-1000000", InvoiceNumbers.format("INV-", 1_000_000));
  }
}
