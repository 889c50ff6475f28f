package dev.weir.gateway.demo.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.Parallel;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.Workload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares every invoice of every customer, line by line, with what must have been billed. An
 * expected invoice is matched with one of the customer's that says exactly the same; what is left on
 * both sides is paired in order of period and its differences are listed.
 */
public final class InvoiceCheck {

  private static final int REQUESTS_AT_ONCE = 8;
  private static final Pattern LAST_DIGITS = Pattern.compile("([0-9]{1,18})[^0-9]*$");

  private final WeirClient client;
  private final Workload workload;
  private final Differences differences;

  public InvoiceCheck(WeirClient client, Workload workload, Differences differences) {
    this.client = client;
    this.workload = workload;
    this.differences = differences;
  }

  /** Gives all invoices with their lines, the largest first. */
  public List<BilledInvoice> run(Map<String, String> customerKeyById) {
    List<BilledInvoice> invoices = fetch(customerKeyById);
    Map<String, List<BilledInvoice>> byCustomer = new HashMap<>();
    for (BilledInvoice invoice : invoices) {
      checkSums(invoice);
      String key = customerKeyById.get(invoice.customerId());
      if (key == null) {
        differences.add("invoice %s bills an unknown customer %s"
            .formatted(invoice.number(), invoice.customerId()));
      } else {
        byCustomer.computeIfAbsent(key, any -> new ArrayList<>()).add(invoice);
      }
    }
    for (String key : workload.customers().keySet()) {
      compareAll(
          key,
          workload.expectedInvoices(key),
          byCustomer.getOrDefault(key, List.of()),
          differences);
    }
    checkNumbers(invoices.stream().map(BilledInvoice::number).toList(), differences);
    return invoices.stream()
        .sorted(Comparator.comparing(BilledInvoice::total).reversed())
        .toList();
  }

  private List<BilledInvoice> fetch(Map<String, String> customerKeyById) {
    List<Callable<BilledInvoice>> tasks = new ArrayList<>();
    client.forEach("/api/billing/invoices", invoice -> {
      String id = invoice.path("customerId").asText();
      tasks.add(() -> withItems(invoice, customerKeyById.getOrDefault(id, id)));
    });
    return Parallel.run("demo-invoices", REQUESTS_AT_ONCE, tasks);
  }

  private BilledInvoice withItems(JsonNode invoice, String customerName) {
    List<JsonNode> items = new ArrayList<>();
    client.forEach("/api/billing/invoices/" + invoice.path("id").asText() + "/items", items::add);
    return BilledInvoice.of(invoice, items, customerName);
  }

  private void checkSums(BilledInvoice invoice) {
    String name = "invoice " + invoice.number();
    differences.compare(name + ", subtotal", invoice.sumOfLines(), invoice.subtotal());
    differences.compare(name + ", total", invoice.sumOfLines(), invoice.total());
  }

  /** Numbers must be given, differ, and leave no gap between the lowest and the highest. */
  static void checkNumbers(List<String> numbers, Differences differences) {
    TreeSet<Long> distinct = new TreeSet<>();
    for (String number : numbers) {
      Matcher digits = LAST_DIGITS.matcher(number);
      if (!digits.find()) {
        differences.add("an invoice has no number, but '" + number + "'");
      } else if (!distinct.add(Long.valueOf(digits.group(1)))) {
        differences.add("two invoices have the number " + number);
      }
    }
    if (!distinct.isEmpty() && distinct.last() - distinct.first() + 1 != distinct.size()) {
      differences.add("invoice numbers have a gap between %d and %d"
          .formatted(distinct.first(), distinct.last()));
    }
  }

  /** Compares all invoices of one customer. */
  static void compareAll(
      String customer,
      List<ExpectedInvoice> expected,
      List<BilledInvoice> billed,
      Differences differences) {
    List<BilledInvoice> left = new ArrayList<>(billed);
    left.removeIf(BilledInvoice::isNothing);
    left.sort(Comparator.comparing(BilledInvoice::periodStart)
        .thenComparing(BilledInvoice::periodEnd)
        .thenComparing(invoice -> invoice.lines().size()));
    List<ExpectedInvoice> missing = new ArrayList<>();
    for (ExpectedInvoice invoice : expected) {
      if (!invoice.isNothing() && !removeEqual(left, invoice)) {
        missing.add(invoice);
      }
    }
    for (ExpectedInvoice invoice : missing) {
      if (left.isEmpty()) {
        differences.add("%s: no invoice over %s".formatted(customer, invoice.total()));
      } else {
        compareLines(customer, invoice, left.remove(0), differences);
      }
    }
    left.forEach(invoice -> differences.add("%s: unexpected invoice %s over %s"
        .formatted(customer, invoice.number(), invoice.total())));
  }

  private static boolean removeEqual(List<BilledInvoice> candidates, ExpectedInvoice expected) {
    for (BilledInvoice candidate : candidates) {
      Differences found = new Differences();
      compareLines("", expected, candidate, found);
      if (found.isEmpty()) {
        candidates.remove(candidate);
        return true;
      }
    }
    return false;
  }

  private static void compareLines(
      String customer, ExpectedInvoice expected, BilledInvoice billed, Differences differences) {
    Map<String, BilledInvoice.Line> lines = billed.linesByCard();
    Set<String> cards = new TreeSet<>(lines.keySet());
    cards.addAll(expected.lines().keySet());
    for (String card : cards) {
      String what = "%s, invoice %s, %s".formatted(customer, billed.number(), card);
      ExpectedInvoice.Line should = expected.lines().get(card);
      BilledInvoice.Line is = lines.get(card);
      differences.compare(
          what + ", amount",
          should == null ? null : should.amount(),
          is == null ? null : is.amount());
      BigDecimal quantity = should == null ? null : should.quantity();
      if (quantity != null) {
        differences.compare(what + ", quantity", quantity, is == null ? null : is.quantity());
      }
    }
    differences.compare(
        "%s, invoice %s, total".formatted(customer, billed.number()),
        expected.total(),
        billed.total());
  }
}
