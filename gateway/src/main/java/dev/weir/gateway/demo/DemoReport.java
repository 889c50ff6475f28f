package dev.weir.gateway.demo;

import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.demo.check.BilledInvoice;
import dev.weir.gateway.demo.check.Differences;
import dev.weir.gateway.demo.check.UsageCheck;
import dev.weir.gateway.demo.workload.Workload;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what came out, in the order in which it happened. */
final class DemoReport {

  private static final int LARGEST_MAX = 3;

  private final PrintStream out;

  DemoReport(PrintStream out) {
    this.out = out;
  }

  private void line(String format, @Nullable Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  void created(Workload workload, long elapsedMillis) {
    line(
        "Created %d meters, plan %s, %,d customers with subscriptions in %,d ms.",
        workload.meters().size(),
        workload.plan().key(),
        workload.customers().size(),
        elapsedMillis);
    line("");
  }

  void ingest(Ingest.Result result, Verdicts expected) {
    Verdicts actual = result.verdicts();
    line("");
    line(
        "Sent %,d events in %,d requests and %.2f s: %,d events/s, of which %,d/s new ones"
            + " (durable, deduplicated).",
        actual.total(),
        result.requests(),
        BigDecimal.valueOf(result.elapsedMillis(), 3),
        ProgressBar.perSecond(actual.total(), result.elapsedMillis()),
        ProgressBar.perSecond(actual.accepted(), result.elapsedMillis()));
    line("");
    line("%-12s %15s %15s", "verdict", "expected", "got");
    verdict("accepted", expected.accepted(), actual.accepted());
    verdict("duplicate", expected.duplicates(), actual.duplicates());
    verdict("conflict", expected.conflicts(), actual.conflicts());
    verdict("rejected", expected.rejected(), actual.rejected());
    if (result.unclear() > 0) {
      line(
          "Connections broke for %,d events; sent again, accepted ones count as duplicates.",
          result.unclear());
    }
  }

  private void verdict(String name, long expected, long actual) {
    line("%-12s %,15d %,15d%s", name, expected, actual, mark(expected == actual));
  }

  private static String mark(boolean equal) {
    return equal ? "" : "  <-- differs";
  }

  void usage(List<UsageCheck.MeterTotal> totals, long elapsedMillis) {
    line("");
    line("Usage, all of it visible and compared after %,d ms:", elapsedMillis);
    line("%-20s %8s %26s %26s", "meter", "groups", "computed from input", "metered");
    for (UsageCheck.MeterTotal total : totals) {
      line(
          "%-20s %,8d %26s %26s%s",
          total.meter(),
          total.groups(),
          total.expected().toPlainString(),
          total.actual().toPlainString(),
          mark(total.expected().compareTo(total.actual()) == 0));
    }
  }

  void invoices(List<BilledInvoice> largestFirst, BigDecimal expectedTotal, long elapsedMillis) {
    BigDecimal total =
        largestFirst.stream().map(BilledInvoice::total).reduce(BigDecimal.ZERO, BigDecimal::add);
    line("");
    line(
        "%,d invoices over %s USD; computed from input %s USD%s. Billed and compared in %,d ms.",
        largestFirst.size(),
        total.toPlainString(),
        expectedTotal.toPlainString(),
        mark(total.compareTo(expectedTotal) == 0),
        elapsedMillis);
    line("The largest:");
    largestFirst.stream().limit(LARGEST_MAX).forEach(this::invoice);
  }

  private void invoice(BilledInvoice invoice) {
    line("");
    line(
        "  %s  %s  %s to %s  %s",
        invoice.number(),
        invoice.customerName(),
        invoice.periodStart(),
        invoice.periodEnd(),
        invoice.status());
    for (BilledInvoice.Line item : invoice.lines()) {
      line(
          "    %-24s %26s %14s",
          item.rateCard(),
          item.quantity() == null ? "" : item.quantity().toPlainString(),
          item.amount().toPlainString());
    }
    line("    %-24s %26s %14s", "total", "USD", invoice.total().toPlainString());
  }

  /** How to look further; the two commands work as they are while the server runs. */
  void whereToLook(URI server, String email, String password, @Nullable BilledInvoice invoice) {
    line("");
    line("The server is at %s; sign in as %s with %s", server, email, password);
    if (invoice == null) {
      return;
    }
    line("To see how invoice %s came about:", invoice.number());
    line(
        "  TOKEN=$(curl -s %s -H 'Content-Type: application/json' \\",
        server.resolve("/api/auth/login"));
    line(
        "    -d '{\"email\":\"%s\",\"password\":\"%s\"}'"
            + " | sed 's/.*\"accessToken\":\"\\([^\"]*\\)\".*/\\1/')",
        email, password);
    line(
        "  curl -s -H \"Authorization: Bearer $TOKEN\" %s",
        server.resolve("/api/billing/invoices/" + invoice.id() + "/explain"));
  }

  void whereItWas(URI server) {
    line("");
    line("The server was at %s; leave out --exit to keep it and look around.", server);
  }

  void verdict(Differences differences) {
    line("");
    if (differences.isEmpty()) {
      line("demo: OK");
      return;
    }
    line("%,d differences:", differences.count());
    differences.lines().forEach(difference -> line("  %s", difference));
    line("demo: FAILED");
  }

  void failed(String why) {
    line("");
    line("%s", why);
    line("demo: FAILED");
  }
}
