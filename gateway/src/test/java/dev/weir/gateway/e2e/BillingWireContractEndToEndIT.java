package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire shapes of catalogue, subscriptions and invoices that clients rely on, name by name. */
final class BillingWireContractEndToEndIT {

  private static final String CUSTOMERS = "/api/billing/customers";
  private static final String PLANS = "/api/billing/plans";
  private static final String SUBSCRIPTIONS = "/api/billing/subscriptions";
  private static final String RUNS = "/api/billing/runs";
  private static final String INVOICES = "/api/billing/invoices";
  private static final String PLAN = """
      {"key":"llm-pro","name":"LLM Pro","currency":"USD","billingCycle":"monthly","rateCards":[
        {"key":"base","type":"fee","price":{"model":"flat","amount":"99.00"},
         "billing":"in_advance"},
        {"key":"tokens","type":"usage","meter":"tokens","filter":{"model":"m1"},
         "price":{"model":"graduated","tiers":[
           {"upTo":"1000000","unitPrice":"0.000002","flat":"0"},
           {"upTo":null,"unitPrice":"0.000001","flat":"0"}]}}]}""";

  @TempDir
  static Path directory;

  private static LocalWeir weir;
  private LocalWeir.Tenant tenant;
  private Http admin;

  @BeforeAll
  static void start() {
    weir = LocalWeir.start(directory);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @BeforeEach
  void makeTenant() {
    tenant = weir.newTenant();
    admin = tenant.admin();
  }

  @Test
  void customersAreCreatedListedAndRead() {
    JsonNode made = Wire.data(admin.post(CUSTOMERS, """
        {"key":"acme","name":"Acme Ltd","email":"billing@acme.test","currency":"USD",
         "timeZone":"Europe/Berlin","subjects":["acme","acme-eu"],"taxId":"DE123",
         "address":{"line1":"Street 1","city":"Berlin","country":"DE"}}"""), 201);
    Wire.requireNames(
        made, "id", "key", "name", "email", "currency", "timeZone", "subjects", "address", "taxId");
    assertEquals("[\"acme\",\"acme-eu\"]", made.path("subjects").toString());
    assertEquals(made, Wire.data(admin.get(CUSTOMERS + "/acme"), 200));
    assertEquals(made, Wire.data(admin.get(CUSTOMERS + "/" + id(made)), 200));
    assertEquals(List.of(made), Wire.page(admin.get(CUSTOMERS)));

    JsonNode least = Wire.data(
        admin.post(CUSTOMERS, "{\"key\":\"b\",\"name\":\"B\",\"currency\":\"USD\"}"), 201);
    assertEquals("UTC", least.path("timeZone").asText());
    assertEquals("[\"b\"]", least.path("subjects").toString());
  }

  @Test
  void plansHaveVersions() {
    createMeter();
    JsonNode first = Wire.data(admin.post(PLANS, PLAN), 201);
    Wire.requireNames(
        first, "id", "key", "version", "name", "currency", "billingCycle", "rateCards");
    assertEquals(1, first.path("version").asInt());
    assertEquals("99.00", first.at("/rateCards/0/price/amount").asText());
    assertEquals("in_advance", first.at("/rateCards/0/billing").asText());
    assertEquals("in_arrears", first.at("/rateCards/1/billing").asText());
    assertEquals("m1", first.at("/rateCards/1/filter/model").asText());
    assertTrue(first.at("/rateCards/1/price/tiers/1/upTo").isNull());

    JsonNode second = Wire.data(admin.post(PLANS, PLAN), 201);

    assertEquals(2, second.path("version").asInt());
    assertEquals(second, Wire.data(admin.get(PLANS + "/llm-pro"), 200));
    assertEquals(first, Wire.data(admin.get(PLANS + "/" + id(first)), 200));
    assertEquals(List.of(second), Wire.page(admin.get(PLANS)));
  }

  @Test
  void aSubscriptionNamesItsCustomerByIdOrKeyOrNotAtAll() {
    createMeter();
    JsonNode customer = createCustomer();
    JsonNode plan = Wire.data(admin.post(PLANS, PLAN), 201);
    JsonNode byKey = Wire.data(admin.post(SUBSCRIPTIONS, """
            {"customerKey":"acme","planId":"llm-pro","billingCycle":"monthly","currency":"USD",
             "startedAt":"2026-01-01T00:00:00Z","autoRenew":true}"""), 201);
    Wire.requireNames(
        byKey,
        "id",
        "tenantId",
        "customerId",
        "planId",
        "status",
        "currency",
        "billingCycle",
        "startedAt",
        "currentPeriodStart",
        "currentPeriodEnd",
        "autoRenew");
    assertEquals(id(customer), byKey.path("customerId").asText());
    assertEquals(id(plan), byKey.path("planId").asText());
    assertEquals("active", byKey.path("status").asText());
    assertEquals("2026-02-01T00:00:00Z", byKey.path("currentPeriodEnd").asText());
    assertEquals(byKey, Wire.data(admin.get(SUBSCRIPTIONS + "/" + id(byKey)), 200));

    JsonNode support = Wire.data(admin.post(PLANS, """
            {"key":"support","name":"Support","currency":"USD","billingCycle":"monthly",
             "rateCards":[{"key":"base","type":"fee","price":{"model":"flat","amount":"10.00"}}]}"""), 201);
    Map<String, Object> ids = Map.of("customerId", id(customer), "planId", id(support));
    JsonNode byId = Wire.data(admin.post(SUBSCRIPTIONS, ids), 201);
    assertEquals(id(customer), byId.path("customerId").asText());
    admin.post(SUBSCRIPTIONS, ids).require(409);

    // As the original dashboard does: the tenant's own customer.
    Map<String, Object> own = Map.of("tenantId", tenant.id(), "planId", "llm-pro");
    JsonNode ofTenant = Wire.data(admin.post(SUBSCRIPTIONS, own), 201);
    Map<String, Object> more = Map.of("tenantId", tenant.id(), "planId", "support");
    JsonNode again = Wire.data(admin.post(SUBSCRIPTIONS, more), 201);
    assertEquals(ofTenant.path("customerId"), again.path("customerId"));
    assertEquals(4, Wire.page(admin.get(SUBSCRIPTIONS)).size());
    assertEquals(
        2, Wire.page(admin.get(SUBSCRIPTIONS + "?customerId=" + id(customer))).size());
  }

  @Test
  void theRunningBillHasLinesWithTierSteps() {
    String subscription = subscribeWithUsage();

    JsonNode bill = Wire.data(admin.get(SUBSCRIPTIONS + "/" + subscription + "/bill"), 200);

    Wire.requireNames(bill, "currency", "from", "to", "asOf", "position", "lines", "total");
    assertEquals("USD", bill.path("currency").asText());
    JsonNode usage = line(bill.path("lines"), "tokens");
    Wire.requireNames(usage, "rateCard", "quantity", "amount", "tiers");
    assertEquals("\"1500000.5\"", usage.path("quantity").toString());
    assertEquals("\"2.5000005\"", decimalText(usage.path("amount")));
    assertEquals(2, usage.path("tiers").size(), usage.toString());
    assertEquals("\"101.50\"", bill.path("total").toString());
  }

  @Test
  void theRunningBillHasWhatItsReaderSentBefore() {
    String bill = SUBSCRIPTIONS + "/" + subscribeWithUsage() + "/bill?after=";
    for (int sent = 1; sent <= 5; sent++) {
      JsonNode answer = admin.events("""
              {"specversion":"1.0","id":"more-%d","source":"wire","type":"llm.call","subject":"acme",\
              "time":"2026-01-07T10:00:00Z","data":{"tokens":1,"model":"m1"}}""".formatted(sent)).require(200).json();
      JsonNode lines =
          Wire.data(admin.get(bill + answer.path("position").asText()), 200).path("lines");
      assertEquals(
          "\"%d.5\"".formatted(1_500_000 + sent),
          line(lines, "tokens").path("quantity").toString());
    }
  }

  private static String decimalText(JsonNode value) {
    return "\"" + new BigDecimal(value.asText()).stripTrailingZeros().toPlainString() + "\"";
  }

  @Test
  void aPreviewPricesAQuantityByStepsThatAddUp() {
    JsonNode preview = Wire.data(admin.post("/api/billing/prices/preview", """
            {"currency":"USD","quantity":"1500000","price":{"model":"graduated","tiers":[
              {"upTo":"1000000","unitPrice":"0.000002","flat":"0"},
              {"upTo":null,"unitPrice":"0.000001","flat":"0"}]}}"""), 200);
    Wire.requireNames(preview, "amount", "lines");
    assertEquals("\"2.5\"", decimalText(preview.path("amount")));
    assertEquals(2, preview.path("lines").size(), preview.toString());
    assertEquals("500000", preview.at("/lines/1/units").asText());
  }

  @Test
  void aRunBillsWhatIsDueAndReports() {
    String subscription = subscribeWithUsage();
    JsonNode dry = run("{\"until\":\"2026-02-01T00:00:00Z\",\"dryRun\":true}");
    assertEquals(2, dry.at("/counts/invoiced").asInt(), dry.toString());
    assertEquals(List.of(), Wire.page(admin.get(INVOICES)));

    JsonNode report = run("{\"until\":\"2026-02-01T00:00:00Z\",\"dryRun\":false}");

    Wire.requireNames(report, "id", "state", "until", "dryRun", "counts", "parked");
    assertEquals("done", report.path("state").asText());
    assertEquals(2, report.at("/counts/invoiced").asInt(), report.toString());
    assertEquals(0, report.path("parked").size(), report.toString());
    JsonNode again = run("{\"until\":\"2026-02-01T00:00:00Z\"}");
    assertEquals(0, again.at("/counts/invoiced").asInt(), again.toString());
    List<JsonNode> invoices = Wire.page(admin.get(INVOICES + "?sort=createdAt"));
    assertEquals(2, invoices.size());
    checkInvoices(subscription, invoices);
  }

  /** The fee of January in advance, then the usage of January with the fee of February. */
  private void checkInvoices(String subscription, List<JsonNode> invoices) {
    assertEquals("INV-000001", invoices.get(0).path("invoiceNumber").asText());
    assertEquals("INV-000002", invoices.get(1).path("invoiceNumber").asText());
    Answer answer = admin.get(INVOICES + "/INV-000002");
    JsonNode invoice = Wire.data(answer, 200);
    Wire.requireNames(
        invoice,
        "id",
        "invoiceNumber",
        "status",
        "customerId",
        "subscriptionId",
        "currency",
        "subtotal",
        "discountAmount",
        "taxAmount",
        "totalAmount",
        "amountPaid",
        "amountDue",
        "periodStart",
        "periodEnd",
        "issueDate",
        "dueDate");
    assertEquals("open", invoice.path("status").asText());
    assertEquals(subscription, invoice.path("subscriptionId").asText());
    for (String money : List.of(
        "\"subtotal\":101.50,",
        "\"discountAmount\":0.00,",
        "\"taxAmount\":0.00,",
        "\"totalAmount\":101.50,",
        "\"amountPaid\":0.00,",
        "\"amountDue\":101.50,")) {
      assertTrue(answer.text().contains(money), answer.text());
    }
    assertEquals(invoice, Wire.data(admin.get(INVOICES + "/" + id(invoice)), 200));
    Answer items = admin.get(INVOICES + "/INV-000002/items");
    JsonNode usage = line(Wire.data(items, 200), "tokens");
    assertEquals("usage", usage.path("type").asText());
    assertEquals("\"1500000.5\"", usage.path("quantity").toString());
    assertTrue(items.text().contains("\"amount\":2.50,"), items.text());
    assertTrue(items.text().contains("\"amount\":99.00,"), items.text());
    assertEquals(1, Wire.page(admin.get(INVOICES + "?search=INV-000002")).size());
    assertEquals(2, Wire.page(admin.get(INVOICES + "?status=open")).size());
    assertEquals(0, Wire.page(admin.get(INVOICES + "?status=draft")).size());
  }

  @Test
  void anExplanationGoesFromTheLineToTierStepsAndWindows() {
    subscribeWithUsage();
    run("{\"until\":\"2026-02-01T00:00:00Z\"}");

    JsonNode explained =
        Wire.data(admin.get(INVOICES + "/INV-000002/explain?line=tokens&window=day"), 200);

    assertEquals("INV-000002", explained.path("invoiceNumber").asText());
    assertEquals(1, explained.path("lines").size(), explained.toString());
    JsonNode line = explained.at("/lines/0");
    assertEquals("graduated", line.at("/price/model").asText());
    assertEquals("1000000", line.at("/steps/0/units").asText());
    assertEquals("500000.5", line.at("/steps/1/units").asText());
    assertEquals("2.5000005", line.path("exactAmount").asText());
    assertEquals("2.50", line.path("amount").asText());
    assertEquals("1500000.5", line.at("/usage/billedQuantity").asText());
    assertTrue(line.at("/usage/consistent").asBoolean(), line.toString());
    assertEquals(
        List.of("1000000", "500000.5"),
        line.at("/usage/windows").findValuesAsText("value"),
        line.toString());
    Answer text =
        admin.with("Accept", "text/plain").get(INVOICES + "/INV-000002/explain").require(200);
    assertTrue(text.header("Content-Type").startsWith("text/plain"));
    assertTrue(text.text().contains("INV-000002"), text.text());
  }

  @Test
  void aDraftIsFinalisedAndAnOpenInvoiceVoided() {
    subscribeWithUsage();
    run("{\"until\":\"2026-02-01T00:00:00Z\",\"finalize\":false}");
    List<JsonNode> drafts = Wire.page(admin.get(INVOICES + "?status=draft"));
    assertEquals(2, drafts.size());
    assertTrue(drafts.get(0).path("invoiceNumber").isNull(), drafts.toString());
    String path = INVOICES + "/" + id(drafts.get(0));

    JsonNode open = Wire.data(admin.post(path + "/finalize", ""), 200);

    assertEquals("open", open.path("status").asText());
    assertEquals("INV-000001", open.path("invoiceNumber").asText());
    assertTrue(instant(open, "issueDate").isBefore(instant(open, "dueDate")), open.toString());
    new Problem(409, "INVOICE_STATUS_REFUSED", "status").check(admin.post(path + "/finalize", ""));
    JsonNode uncollectible = Wire.data(admin.post(path + "/uncollectible", ""), 200);
    assertEquals("uncollectible", uncollectible.path("status").asText());
    String other = INVOICES + "/" + id(drafts.get(1));
    admin.post(other + "/finalize", "").require(200);
    JsonNode voided = Wire.data(admin.post(other + "/void", "{\"reason\":\"a mistake\"}"), 200);
    assertEquals("void", voided.path("status").asText());
  }

  /** Money is a number with exactly the decimals of its currency. */
  @ParameterizedTest
  @CsvSource({"JPY,1200,1200", "KWD,1.5,1.500", "EUR,7,7.00"})
  void moneyHasTheDecimalsOfItsCurrency(String currency, String price, String shown) {
    admin.post(CUSTOMERS, Map.of("key", "c", "name", "C", "currency", currency)).require(201);
    Map<String, Object> fee =
        Map.of("key", "base", "type", "fee", "price", Map.of("model", "flat", "amount", price));
    Map<String, Object> plan = Map.of(
        "key",
        "p",
        "name",
        "P",
        "currency",
        currency,
        "billingCycle",
        "monthly",
        "rateCards",
        List.of(fee));
    admin.post(PLANS, plan).require(201);
    admin.post(SUBSCRIPTIONS, """
            {"customerKey":"c","planId":"p","startedAt":"2026-01-01T00:00:00Z"}""").require(201);
    run("{\"until\":\"2026-01-01T00:00:00Z\"}");

    Answer invoice = admin.get(INVOICES + "/INV-000001").require(200);

    assertTrue(invoice.text().contains("\"totalAmount\":" + shown + ","), invoice.text());
    assertTrue(invoice.text().contains("\"amountDue\":" + shown + ","), invoice.text());
  }

  private String subscribeWithUsage() {
    createMeter();
    createCustomer();
    Wire.data(admin.post(PLANS, PLAN), 201);
    String event = """
        {"specversion":"1.0","id":"%s","source":"wire","type":"llm.call","subject":"acme",\
        "time":"%s","data":{"tokens":%s,"model":"%s"}}""";
    String body = "[%s,%s,%s]"
        .formatted(
            event.formatted("1", "2026-01-05T10:00:00Z", "1000000", "m1"),
            event.formatted("2", "2026-01-06T10:00:00Z", "500000.5", "m1"),
            event.formatted("3", "2026-01-06T10:00:00Z", "777", "m2"));
    JsonNode sent = admin.events(body).require(200).json();
    JsonNode made = Wire.data(admin.post(SUBSCRIPTIONS, """
            {"customerKey":"acme","planId":"llm-pro","startedAt":"2026-01-01T00:00:00Z"}"""), 201);
    admin
        .get("/api/v1/meters/tokens/query?after=" + sent.path("position").asText())
        .require(200);
    return id(made);
  }

  private void createMeter() {
    admin.post("/api/v1/meters", """
            {"slug":"tokens","eventType":"llm.call","aggregation":"SUM","valueProperty":"$.tokens",
             "groupBy":{"model":"$.model"}}""").require(201);
  }

  private JsonNode createCustomer() {
    return Wire.data(
        admin.post(CUSTOMERS, "{\"key\":\"acme\",\"name\":\"Acme\",\"currency\":\"USD\"}"), 201);
  }

  /** Starts a run and gives its report once it has ended. */
  private JsonNode run(String body) {
    JsonNode started = Wire.data(admin.post(RUNS, body), 202);
    assertEquals(Set.of("id", "state"), Wire.names(started));
    String path = RUNS + "/" + id(started);
    Await.until(
        "the run ends",
        NumberedUsage.PATIENCE,
        () -> admin.get(path).data().path("state").asText().equals("done"));
    return Wire.data(admin.get(path), 200);
  }

  private static JsonNode line(JsonNode lines, String rateCard) {
    for (JsonNode line : lines) {
      if (line.path("rateCard").asText().equals(rateCard)) {
        return line;
      }
    }
    throw new AssertionError("no line " + rateCard + " in " + lines);
  }

  private static Instant instant(JsonNode resource, String name) {
    return Instant.parse(resource.path(name).asText());
  }

  private static String id(JsonNode resource) {
    return resource.path("id").asText();
  }
}
