package dev.weir.api.invoices;

import dev.weir.invoicing.run.BillingRun;
import dev.weir.invoicing.run.RunCounts;
import dev.weir.invoicing.run.RunReport;
import dev.weir.rating.Money;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Billing runs as the wire shows them. */
final class BillingRunWire {

  private BillingRunWire() {}

  /** What starting a run answers. */
  static Map<String, Object> started(BillingRun run) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("id", run.id());
    wire.put("state", run.state().word());
    return wire;
  }

  static Map<String, Object> run(BillingRun run) {
    BillingRun.RunFailure error = run.error();
    Map<String, Object> wire = started(run);
    wire.put("until", run.request().until());
    wire.put("dryRun", run.request().dryRun());
    wire.put("finalize", run.request().finalizes());
    wire.put("counts", counts(run.counts()));
    wire.put("error", error == null ? null : error(error));
    wire.put("createdAt", run.createdAt());
    wire.put("startedAt", run.startedAt());
    wire.put("finishedAt", run.finishedAt());
    return wire;
  }

  private static @Nullable Map<String, Object> counts(@Nullable RunCounts counts) {
    if (counts == null) {
      return null;
    }
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("due", counts.due());
    wire.put("invoiced", counts.invoiced());
    wire.put("empty", counts.empty());
    wire.put("parked", counts.parked());
    wire.put("failed", counts.failed());
    return wire;
  }

  private static Map<String, Object> error(BillingRun.RunFailure error) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("code", error.code());
    wire.put("message", error.message());
    return wire;
  }

  static Map<String, Object> report(RunReport report) {
    Map<String, Object> wire = run(report.run());
    wire.put("counts", counts(report.counts()));
    wire.put("totals", report.totals().stream().map(BillingRunWire::total).toList());
    wire.put("parked", report.parked().stream().map(BillingRunWire::parked).toList());
    if (report.run().request().dryRun()) {
      wire.put(
          "invoices", report.preview().stream().map(BillingRunWire::preview).toList());
      wire.put(
          "invoicesTruncated", report.counts().invoiced() > report.preview().size());
    }
    return wire;
  }

  private static Map<String, Object> total(RunReport.Total total) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("currency", total.amount().currency().getCurrencyCode());
    wire.put("invoices", total.invoices());
    wire.put("totalAmount", scaled(total.amount()));
    return wire;
  }

  private static Map<String, Object> parked(RunReport.Parked parked) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("subscriptionId", parked.subscriptionId());
    wire.put("customerId", parked.customerId());
    wire.put("boundary", parked.boundary());
    wire.put("kind", parked.refused() ? "parked" : "failed");
    wire.put("code", parked.code());
    wire.put("message", parked.message());
    wire.put("parkedAt", parked.parkedAt());
    return wire;
  }

  private static Map<String, Object> preview(RunReport.Preview preview) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("subscriptionId", preview.subscriptionId());
    wire.put("customerId", preview.customerId());
    wire.put("boundary", preview.boundary());
    wire.put("currency", preview.total().currency().getCurrencyCode());
    wire.put("totalAmount", scaled(preview.total()));
    return wire;
  }

  private static BigDecimal scaled(Money money) {
    return money.amount().setScale(money.currency().getDefaultFractionDigits());
  }
}
