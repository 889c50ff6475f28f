package dev.weir.gateway.demo.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.Tariff;
import dev.weir.gateway.demo.workload.UsageCard;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.terminal.CommandFailure;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

/**
 * Compares the running bill of a customer with the expected usage lines of the period it shows.
 * Which period that is depends on how far billing has come; one without usage must show none.
 */
public final class RunningBillCheck {

  private final WeirClient client;
  private final Workload workload;
  private final Differences differences;

  public RunningBillCheck(WeirClient client, Workload workload, Differences differences) {
    this.client = client;
    this.workload = workload;
    this.differences = differences;
  }

  public void run(String customerKey, String subscriptionId) {
    JsonNode answer =
        client.get("/api/billing/subscriptions/" + WeirClient.encoded(subscriptionId) + "/bill");
    compare(customerKey, answer.has("data") ? answer.path("data") : answer);
  }

  /** Fees and their rounding are left to the invoices; usage lines may be unrounded here. */
  void compare(String customerKey, JsonNode bill) {
    Map<String, ExpectedInvoice.Line> expected =
        expectedLines(customerKey, instant(bill.path("from").asText()));
    for (UsageCard card : workload.plan().cards()) {
      JsonNode line = lineOf(bill, card.key());
      ExpectedInvoice.Line should = expected.get(card.key());
      String what = "running bill of %s, %s".formatted(customerKey, card.key());
      differences.compare(
          what + ", quantity",
          should == null ? null : should.quantity(),
          line.isMissingNode() ? null : BilledInvoice.decimal(line, "quantity"));
      differences.compare(
          what + ", amount",
          should == null ? null : should.amount(),
          line.isMissingNode() ? null : rounded(BilledInvoice.decimal(line, "amount")));
    }
  }

  private static BigDecimal rounded(BigDecimal amount) {
    return amount.setScale(Tariff.USD_DECIMALS, RoundingMode.HALF_UP);
  }

  private Map<String, ExpectedInvoice.Line> expectedLines(String customerKey, Instant from) {
    for (ExpectedInvoice invoice : workload.expectedInvoices(customerKey)) {
      if (from.equals(invoice.usageFrom())) {
        return invoice.lines();
      }
    }
    return Map.of();
  }

  private static JsonNode lineOf(JsonNode bill, String rateCard) {
    for (JsonNode line : bill.path("lines")) {
      if (line.path("rateCard").asText().equals(rateCard)) {
        return line;
      }
    }
    return MissingNode.getInstance();
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new CommandFailure("The running bill's 'from' is no time: '" + text + "'");
    }
  }
}
