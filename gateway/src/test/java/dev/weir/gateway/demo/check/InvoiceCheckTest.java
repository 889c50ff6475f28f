package dev.weir.gateway.demo.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.demo.traffic.TrafficCalendar;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InvoiceCheckTest {

  private static final ExpectedInvoice FEE =
      new ExpectedInvoice(null, new TreeMap<>(Map.of("base", expected(null, "99.00"))));
  private static final ExpectedInvoice USAGE = new ExpectedInvoice(
      TrafficCalendar.FROM,
      new TreeMap<>(Map.of(
          "base", expected(null, "99.00"),
          "input", expected("1000", "0.01"),
          "unused", expected("0", "0.00"))));

  private static ExpectedInvoice.Line expected(String quantity, String amount) {
    return new ExpectedInvoice.Line(
        quantity == null ? null : new BigDecimal(quantity), new BigDecimal(amount));
  }

  private static BilledInvoice.Line line(String card, String quantity, String amount) {
    return new BilledInvoice.Line(card, new BigDecimal(quantity), new BigDecimal(amount));
  }

  private static BilledInvoice invoice(String number, BilledInvoice.Line... lines) {
    BigDecimal total = Arrays.stream(lines)
        .map(BilledInvoice.Line::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
    return new BilledInvoice(
        "id-" + number,
        number,
        "open",
        "c",
        "acme",
        "2026-01-01",
        "2026-02-01",
        total,
        total,
        List.of(lines));
  }

  private static final BilledInvoice FEE_BILLED = invoice("1", line("base", "1", "99.00"));

  private static List<String> differences(BilledInvoice... billed) {
    Differences differences = new Differences();
    InvoiceCheck.compareAll("acme", List.of(FEE, USAGE), List.of(billed), differences);
    return differences.lines();
  }

  @Test
  void invoicesMatchInAnyOrderAndNothingLinesMayBeMissing() {
    BilledInvoice usage =
        invoice("2", line("base", "1", "99.00"), line("input", "1000.0", "0.010"));
    assertEquals(List.of(), differences(usage, FEE_BILLED));
    assertEquals(List.of(), differences(FEE_BILLED, usage, invoice("3")));
  }

  @Test
  void linesOfOneRateCardAreAddedUp() {
    BilledInvoice split = invoice(
        "2",
        line("base", "1", "99.00"),
        line("input", "600", "0.006"),
        line("input", "400", "0.004"));
    assertEquals(List.of(), differences(FEE_BILLED, split));
  }

  @Test
  void aWrongLastDigitIsNamedWithItsLine() {
    BilledInvoice wrong = invoice("2", line("base", "1", "99.00"), line("input", "1001", "0.02"));
    assertEquals(
        List.of(
            "acme, invoice 2, input, amount: expected 0.01, got 0.02",
            "acme, invoice 2, input, quantity: expected 1000, got 1001",
            "acme, invoice 2, total: expected 99.01, got 99.02"),
        differences(FEE_BILLED, wrong));
  }

  @Test
  void missingAndUnexpectedInvoicesAndLinesAreDifferences() {
    assertTrue(differences(FEE_BILLED).get(0).contains("no invoice over 99.01"));
    BilledInvoice usage = invoice("2", line("base", "1", "99.00"), line("input", "1000", "0.01"));
    BilledInvoice again = invoice("3", line("base", "1", "99.00"));
    assertEquals(
        List.of("acme: unexpected invoice 3 over 99.00"), differences(FEE_BILLED, usage, again));
    BilledInvoice extra = invoice(
        "2", line("base", "1", "99.00"), line("input", "1000", "0.01"), line("tax", "1", "0.01"));
    assertTrue(differences(FEE_BILLED, extra).get(0).contains("tax, amount: expected nothing"));
  }

  @Test
  void invoiceNumbersAreDistinctAndWithoutGaps() {
    assertEquals(List.of(), numbers("INV-2026-000002", "INV-2026-000001", "INV-2026-000003"));
    assertEquals(1, numbers("INV-1", "INV-3").size());
    assertEquals(1, numbers("INV-1", "INV-1").size());
    assertEquals(1, numbers("INV-1", "").size());
  }

  private static List<String> numbers(String... numbers) {
    Differences differences = new Differences();
    InvoiceCheck.checkNumbers(List.of(numbers), differences);
    return differences.lines();
  }

  @Test
  void onlyTheFirstDifferencesAreKeptButAllAreCounted() {
    Differences differences = new Differences();
    for (int i = 0; i < 100; i++) {
      differences.add("difference " + i);
    }
    assertEquals(100, differences.count());
    assertEquals(Differences.KEPT_MAX + 1, differences.lines().size());
    assertEquals("… and 60 more", differences.lines().get(Differences.KEPT_MAX));
  }
}
