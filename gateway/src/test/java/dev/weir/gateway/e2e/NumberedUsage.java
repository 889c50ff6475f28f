package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Meters, a customer and a plan for {@link NumberedEvents}; and the comparison of what the server says
 * of them, down to the last digit, with what the test sent.
 *
 * @param message begins every failure
 */
record NumberedUsage(NumberedEvents events, String message) {

  private static final BigDecimal UNIT_PRICE = new BigDecimal("0.00012345");
  private static final String FROM = "2026-01-01T00:00:00Z";
  private static final String TO = "2026-02-01T00:00:00Z";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Creates the catalogue; gives the subscription's id. */
  static String createCatalogue(Http admin) {
    meter(admin, "sum", "SUM", "$.n");
    meter(admin, "count", "COUNT", null);
    meter(admin, "unique", "UNIQUE_COUNT", "$.id");
    meter(admin, "latest", "LATEST", "$.n");
    Map<String, Object> customer = Map.of(
        "key", "numbers",
        "name", "Numbers",
        "currency", "USD",
        "subjects", List.of(NumberedEvents.SUBJECT));
    admin.post("/api/billing/customers", customer).require(201);
    Map<String, Object> card = Map.of(
        "key", "sum",
        "type", "usage",
        "meter", "sum",
        "price", Map.of("model", "per_unit", "unitPrice", UNIT_PRICE.toPlainString()));
    Map<String, Object> plan = Map.of(
        "key", "by-sum",
        "name", "By sum",
        "currency", "USD",
        "billingCycle", "monthly",
        "rateCards", List.of(card));
    admin.post("/api/billing/plans", plan).require(201);
    Map<String, Object> subscription =
        Map.of("customerKey", "numbers", "planId", "by-sum", "startedAt", FROM);
    Answer created = admin.post("/api/billing/subscriptions", subscription);
    return created.require(201).data().path("id").asText();
  }

  private static void meter(Http admin, String slug, String aggregation, String value) {
    Map<String, Object> meter = new TreeMap<>();
    meter.put("slug", slug);
    meter.put("eventType", NumberedEvents.TYPE);
    meter.put("aggregation", aggregation);
    if (value != null) {
      meter.put("valueProperty", value);
    }
    admin.post("/api/v1/meters", meter).require(201);
  }

  /** Waits until everything up to a position is visible. */
  void awaitVisible(Http reader, String position) {
    Await.until(
        "%s: position %s is visible".formatted(message, position),
        PATIENCE,
        () -> reader.get(query("count", position)).status() == 200);
  }

  /** Waits until a position is visible, then compares all four meters. */
  void checkUsage(Http reader, String position, BitSet counted) {
    awaitVisible(reader, position);
    BigDecimal count = BigDecimal.valueOf(counted.cardinality());
    assertEquals(count, value(reader, "count", position), message + ": events counted");
    assertEquals(count, value(reader, "unique", position), message + ": distinct ids counted");
    same("sum", events.sum(counted), value(reader, "sum", position));
    same("latest", events.latest(counted), value(reader, "latest", position));
  }

  private static String query(String meter, String position) {
    return "/api/v1/meters/%s/query?from=%s&to=%s&after=%s&decimals=string"
        .formatted(meter, FROM, TO, position);
  }

  private static BigDecimal value(Http reader, String meter, String position) {
    JsonNode rows = reader.get(query(meter, position)).require(200).data();
    return rows.isEmpty()
        ? BigDecimal.ZERO
        : new BigDecimal(rows.path(0).path("value").asText());
  }

  /** The running bill, once everything is visible. */
  void checkRunningBill(Http reader, String subscription, BitSet counted) {
    JsonNode bill = reader
        .get("/api/billing/subscriptions/" + subscription + "/bill")
        .require(200)
        .data();
    BigDecimal quantity = events.sum(counted);
    JsonNode line = bill.path("lines").path(0);
    same("quantity on the running bill", quantity, decimal(line.path("quantity")));
    same("amount on the running bill", quantity.multiply(UNIT_PRICE), decimal(line.path("amount")));
    assertEquals(billed(quantity), decimal(bill.path("total")), message + ": running total");
  }

  /** Bills January; there must be one invoice, with one line. */
  void billAndCheck(Http admin, BitSet counted) {
    String run = admin
        .post("/api/billing/runs", Map.of("until", TO))
        .require(202)
        .data()
        .path("id")
        .asText();
    Await.until(
        message + ": the billing run ends",
        PATIENCE,
        () -> !List.of("queued", "running").contains(runState(admin, run)));
    assertEquals("done", runState(admin, run), message);
    JsonNode invoices = admin.get("/api/billing/invoices").require(200).data();
    assertEquals(1, invoices.size(), message + ": " + invoices);
    JsonNode invoice = invoices.path(0);
    BigDecimal quantity = events.sum(counted);
    assertEquals(billed(quantity), decimal(invoice.path("totalAmount")), message + ": total");
    String path = "/api/billing/invoices/" + invoice.path("id").asText();
    JsonNode items = admin.get(path + "/items").require(200).data();
    assertEquals(1, items.size(), message + ": " + items);
    JsonNode item = items.path(0);
    same("quantity billed", quantity, decimal(item.path("quantity")));
    same("exact amount billed", quantity.multiply(UNIT_PRICE), decimal(item.path("exactAmount")));
    assertEquals(billed(quantity), decimal(item.path("amount")), message + ": amount billed");
    JsonNode explained = admin.get(path + "/explain").require(200).data().at("/lines/0/usage");
    assertTrue(explained.path("consistent").asBoolean(), message + ": " + explained);
  }

  private static String runState(Http admin, String run) {
    return admin
        .get("/api/billing/runs/" + run)
        .require(200)
        .data()
        .path("state")
        .asText();
  }

  private static BigDecimal billed(BigDecimal quantity) {
    return quantity.multiply(UNIT_PRICE).setScale(2, RoundingMode.HALF_UP);
  }

  private static BigDecimal decimal(JsonNode value) {
    return value.isNumber() ? value.decimalValue() : new BigDecimal(value.asText());
  }

  private void same(String what, BigDecimal expected, BigDecimal actual) {
    assertTrue(
        expected.compareTo(actual) == 0,
        () -> "%s: %s: expected %s, got %s".formatted(message, what, expected, actual));
  }
}
