package dev.weir.api.invoices;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.api.http.Problems;
import dev.weir.invoicing.InvoiceIssuer;
import dev.weir.invoicing.InvoiceList;
import dev.weir.invoicing.InvoiceStore;
import dev.weir.invoicing.Invoices;
import dev.weir.invoicing.PaymentTerms;
import dev.weir.invoicing.explain.InvoiceExplainer;
import dev.weir.invoicing.number.InvoiceNumbers;
import dev.weir.invoicing.run.BillingRuns;
import dev.weir.invoicing.run.BillingSources;
import dev.weir.invoicing.run.RunLimits;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.rating.Money;
import dev.weir.rating.bill.PeriodUsage;
import dev.weir.rating.catalog.CustomerDraft;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.MeterLookup;
import dev.weir.rating.catalog.PlanDraft;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.catalog.RateCardJson;
import dev.weir.rating.subscription.BillingCycle;
import dev.weir.rating.subscription.SubscriptionDraft;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes over real HTTP and PostgreSQL; only sign-in and metered usage are stood in for. */
final class BillingRoutesIT {

  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");
  private static final UUID METER_ID = new UUID(0x7000L, 0x8000000000000001L);
  private static final String CARDS = """
      [{"key":"base","type":"fee","price":{"model":"flat","amount":"99"}},
       {"key":"tokens","type":"usage","meter":"tokens","price":{"model":"graduated","tiers":[
        {"upTo":"1000000","unitPrice":"0.000002","flat":"0"},
        {"upTo":null,"unitPrice":"0.000001","flat":"0"}]}}]""";

  private static TestDatabase postgres;
  private static HttpServer server;
  private static BillingRuns runs;
  private static CustomerStore customers;
  private static PlanStore plans;
  private static SubscriptionStore subscriptions;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private UUID tenantId;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.create();
    InstantSource clock = InstantSource.fixed(NOW);
    Router router = Router.router(postgres.vertx());
    router.route().failureHandler(new Problems(clock)::handle);
    router.route().handler(BodyHandler.create(false)).handler(BillingRoutesIT::signIn);
    mount(router, postgres.database(), clock);
    server = await(postgres.vertx().createHttpServer().requestHandler(router).listen(0));
  }

  private static void mount(Router router, Database database, InstantSource clock) {
    Answers answers = new Answers(clock);
    TimeOrderedIds ids = new TimeOrderedIds(clock, new SecureRandom());
    MeterLookup meters = (connection, tenantId, idOrKey) -> meter(tenantId, idOrKey);
    customers = new CustomerStore(ids, clock);
    plans = new PlanStore(meters, ids, clock);
    subscriptions = new SubscriptionStore(ids, clock);
    InvoiceStore store = new InvoiceStore();
    InvoiceIssuer issuer =
        new InvoiceIssuer(store, new InvoiceNumbers(), PaymentTerms.STANDARD, clock);
    PeriodUsage usage = new PeriodUsage(
        meters, (connection, query) -> Future.succeededFuture(Quantity.of(1_500_000)));
    runs = new BillingRuns(
        postgres.vertx(),
        database,
        new BillingRuns.Parts(
            new BillingSources(subscriptions, customers, plans, usage),
            store,
            issuer,
            () -> Future.succeededFuture(),
            RunLimits.STANDARD),
        ids,
        clock);
    new InvoiceRoutes(
            answers,
            new Invoices(database, store, new InvoiceList(), issuer, clock),
            new InvoiceExplainer(
                database,
                store,
                meters,
                (connection, query) -> Future.succeededFuture(List.of(row(query)))))
        .mount(router);
    new BillingRunRoutes(answers, runs).mount(router);
  }

  private static UsageRow row(UsageQuery query) {
    Instant from = query.from() == null ? NOW : query.from();
    return new UsageRow(Quantity.of(1_500_000), from, from.plusSeconds(60), null, new TreeMap<>());
  }

  private static Future<Meter> meter(UUID tenantId, String idOrKey) {
    if (!idOrKey.equals("tokens") && !idOrKey.equals(METER_ID.toString())) {
      return Future.failedFuture(new Refusal(MeteringError.METER_NOT_FOUND, "no meter"));
    }
    return Future.succeededFuture(new Meter(
        METER_ID,
        tenantId,
        "tokens",
        null,
        "llm.call",
        Aggregation.COUNT,
        null,
        new TreeMap<>(),
        Map.of(),
        NOW,
        NOW));
  }

  private static void signIn(RoutingContext context) {
    UUID tenant = UUID.fromString(context.request().getHeader("Test-Tenant"));
    Set<Permission> permissions = Stream.of(
            context.request().getHeader("Test-Permissions").split(",", -1))
        .map(Permission::valueOf)
        .collect(java.util.stream.Collectors.toSet());
    new Caller(tenant, tenant, "test", permissions).attach(context);
    context.next();
  }

  @AfterAll
  static void close() {
    await(runs.stop());
    await(server.close());
    postgres.close();
  }

  /** A tenant with one customer, subscribed since 1 October in the given currency. */
  @BeforeEach
  void newTenant() {
    tenantId = postgres.newTenant();
    subscribe("acme", "USD");
  }

  private void subscribe(String key, String currency) {
    PlanDraft plan = new PlanDraft(
        "plan-" + key, "Plan", Money.currency(currency, "currency"), BillingCycle.MONTHLY, cards());
    CustomerDraft customer = new CustomerDraft(
        key,
        "Customer " + key,
        null,
        Money.currency(currency, "currency"),
        ZoneId.of("UTC"),
        List.of(key),
        null,
        null);
    await(postgres
        .database()
        .inTenant(
            tenantId,
            c -> plans
                .create(c, tenantId, plan)
                .compose(planned -> customers
                    .create(c, tenantId, customer)
                    .compose(made -> subscriptions.create(
                        c,
                        new SubscriptionDraft(
                            made, planned, null, null, Instant.parse("2026-10-01T00:00:00Z")))))));
  }

  private static List<dev.weir.rating.catalog.RateCardDraft> cards() {
    JsonNode cards = Json.parseOwn(CARDS);
    return Stream.of(cards.get(0), cards.get(1))
        .map(card -> RateCardJson.readDraft(JsonFields.of(card)))
        .toList();
  }

  /** Starts a run and waits until it has ended; gives its report. */
  private JsonNode run(String body) throws Exception {
    JsonNode started =
        json(202, send("POST", "/api/billing/runs", body, "BILL")).get("data");
    assertEquals("queued", started.get("state").textValue());
    String id = started.get("id").textValue();
    await(runs.finished(UUID.fromString(id)));
    return get(200, "/api/billing/runs/" + id).get("data");
  }

  @Test
  void aRunMakesInvoicesInTheWiresShapes() throws Exception {
    JsonNode report = run("{\"until\":\"2026-11-01T00:00:00Z\",\"dryRun\":false}");

    assertEquals("done", report.get("state").textValue());
    assertEquals(
        "{\"due\":1,\"invoiced\":2,\"empty\":0,\"parked\":0,\"failed\":0}",
        report.get("counts").toString());
    assertEquals(
        "[{\"currency\":\"USD\",\"invoices\":2,\"totalAmount\":200.50}]",
        report.get("totals").toString());
    assertEquals("[]", report.get("parked").toString());
    JsonNode invoice = get(200, "/api/billing/invoices/INV-000002").get("data");
    assertEquals("INV-000002", invoice.get("invoiceNumber").textValue());
    assertEquals("open", invoice.get("status").textValue());
    for (String amount : List.of("subtotal", "totalAmount", "amountDue")) {
      assertEquals("101.50", invoice.get(amount).toString(), amount);
    }
    for (String amount : List.of("discountAmount", "taxAmount", "amountPaid")) {
      assertEquals("0.00", invoice.get(amount).toString(), amount);
    }
    assertEquals("2026-10-01T00:00:00Z", invoice.get("periodStart").textValue());
    assertEquals("2026-11-01T00:00:00Z", invoice.get("periodEnd").textValue());
    assertEquals(NOW.toString(), invoice.get("issueDate").textValue());
    assertEquals("2026-12-21T10:15:30Z", invoice.get("dueDate").textValue());
    String id = invoice.get("id").textValue();
    assertEquals(invoice, get(200, "/api/billing/invoices/" + id).get("data"));
    JsonNode items = get(200, "/api/billing/invoices/" + id + "/items").get("data");
    assertEquals(2, items.size());
    assertEquals("usage", items.get(0).get("type").textValue());
    assertEquals("2.50", items.get(0).get("amount").toString());
    assertEquals("\"1500000\"", items.get(0).get("quantity").toString());
    assertEquals("subscription", items.get(1).get("type").textValue());
    assertEquals(1, get(200, "/api/billing/runs").get("pagination").get("total").intValue());
  }

  @Test
  void moneyHasTheCurrencysDecimals() throws Exception {
    subscribe("tokyo", "JPY");
    subscribe("kuwait", "KWD");

    run("{\"until\":\"2026-10-01T00:00:00Z\"}");

    List<String> totals = Stream.of("tokyo", "kuwait")
        .map(key -> unchecked("/api/billing/invoices?search=" + key))
        .map(list -> list.get("data").get(0).get("totalAmount").toString())
        .toList();
    assertEquals(List.of("99", "99.000"), totals);
  }

  private JsonNode unchecked(String path) {
    try {
      return get(200, path);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDryRunListsWhatItWouldInvoice() throws Exception {
    JsonNode report = run("{\"until\":\"2026-11-01T00:00:00Z\",\"dryRun\":true}");

    assertEquals(2, report.get("invoices").size());
    assertEquals("101.50", report.get("invoices").get(1).get("totalAmount").toString());
    assertFalse(report.get("invoicesTruncated").booleanValue());
    assertEquals(0, total("/api/billing/invoices"));
  }

  @Test
  void anInvoiceIsExplainedAsJsonAndAsText() throws Exception {
    run("{\"until\":\"2026-11-01T00:00:00Z\"}");

    JsonNode line = get(200, "/api/billing/invoices/INV-000002/explain?line=tokens&window=day")
        .get("data")
        .get("lines")
        .get(0);
    HttpResponse<String> text = CLIENT.send(
        request("/api/billing/invoices/INV-000002/explain", "READ")
            .header("Accept", "text/plain")
            .build(),
        HttpResponse.BodyHandlers.ofString());

    assertEquals("1500000", line.get("quantity").textValue());
    assertEquals("2.50", line.get("amount").textValue());
    assertEquals("graduated", line.get("price").get("model").textValue());
    assertEquals("1000000", line.get("steps").get(0).get("units").textValue());
    assertEquals("[\"acme\"]", line.get("subjects").toString());
    JsonNode usage = line.get("usage");
    assertEquals("1500000", usage.get("billedQuantity").textValue());
    assertEquals("0", usage.get("difference").textValue());
    assertTrue(usage.get("consistent").booleanValue());
    assertEquals("day", usage.get("windowSize").textValue());
    assertEquals("1500000", usage.get("windows").get(0).get("value").textValue());
    assertEquals(
        "text/plain; charset=utf-8", text.headers().firstValue("Content-Type").orElse(""));
    assertTrue(
        text.body()
            .contains("1. tokens: 1,500,000 units: 1,000,000 × 0.000002 = 2.00;"
                + " 500,000 × 0.000001 = 0.50 = 2.50 USD"),
        text.body());
  }

  @Test
  void draftsAreFinalisedAndOpenInvoicesVoidedOrGivenUp() throws Exception {
    run("{\"until\":\"2026-11-01T00:00:00Z\",\"finalize\":false}");
    JsonNode drafts =
        get(200, "/api/billing/invoices?status=draft&sort=totalAmount").get("data");
    assertTrue(drafts.get(0).get("invoiceNumber").isNull());

    String one = "/api/billing/invoices/" + drafts.get(0).get("id").textValue();
    String two = "/api/billing/invoices/" + drafts.get(1).get("id").textValue();
    JsonNode open = json(200, send("POST", one + "/finalize", "", "BILL")).get("data");
    assertEquals("INV-000001", open.get("invoiceNumber").textValue());
    problem(409, "INVOICE_STATUS_REFUSED", send("POST", one + "/finalize", "", "BILL"));
    problem(409, "INVOICE_STATUS_REFUSED", send("POST", two + "/void", "", "BILL"));
    JsonNode voided = json(200, send("POST", one + "/void", "{\"reason\":\"a mistake\"}", "BILL"))
        .get("data");
    assertEquals("void", voided.get("status").textValue());
    assertEquals("a mistake", voided.get("statusReason").textValue());
    assertEquals("0.00", voided.get("amountDue").toString());
    json(200, send("POST", two + "/finalize", "", "BILL"));
    assertEquals(
        "uncollectible",
        json(200, send("POST", two + "/uncollectible", "", "BILL"))
            .get("data")
            .get("status")
            .textValue());
    assertEquals(1, total("/api/billing/invoices?status=void"));
    assertEquals(0, total("/api/billing/invoices?status=draft"));
  }

  @Test
  void listsTakeFiltersDatesAndPages() throws Exception {
    run("{\"until\":\"2026-11-01T00:00:00Z\"}");

    JsonNode page = get(200, "/api/billing/invoices?sort=-totalAmount&limit=1&page=2");
    assertEquals("99.00", page.get("data").get(0).get("totalAmount").toString());
    assertEquals(
        "{\"page\":2,\"limit\":1,\"total\":2,\"totalPages\":2}",
        page.get("pagination").toString());
    assertEquals(2, total("/api/billing/invoices?from=2026-11-21&to=2026-11-22"));
    assertEquals(0, total("/api/billing/invoices?to=2026-11-21"));
    assertEquals(2, total("/api/billing/invoices?status=&search=customer%20ACME"));
    assertEquals(0, total("/api/billing/invoices?customerId=" + UUID.randomUUID()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|invoices?status=late|400|INVOICE_FILTER_INVALID|status",
        "GET|invoices?sort=name|400|INVOICE_FILTER_INVALID|sort",
        "GET|invoices?customerId=acme|400|QUERY_PARAMETER_INVALID|customerId",
        "GET|invoices?from=yesterday|400|QUERY_PARAMETER_INVALID|from",
        "GET|invoices?to=2026-02-30|400|QUERY_PARAMETER_INVALID|to",
        "GET|invoices?limit=1000|400|QUERY_PARAMETER_INVALID|limit",
        "GET|invoices/INV-000009|404|INVOICE_NOT_FOUND|",
        "GET|invoices/INV-000009/items|404|INVOICE_NOT_FOUND|",
        "GET|invoices/INV-000001/explain?line=9|404|EXPLAIN_LINE_UNKNOWN|line",
        "GET|invoices/INV-000001/explain?window=week|400|EXPLAIN_WINDOW_INVALID|window",
        "GET|invoices/INV-000001/explain?events=true|400|EXPLAIN_EVENTS_UNSUPPORTED|events",
        "GET|invoices/INV-000001/explain?events=1|400|QUERY_PARAMETER_INVALID|events",
        "GET|invoices/INV-000001/explain?page=0|400|QUERY_PARAMETER_INVALID|page",
        "POST|invoices/INV-000009/void|404|INVOICE_NOT_FOUND|",
        "GET|runs/nonsense|404|RUN_NOT_FOUND|",
      })
  void badRequestsAreProblemsThatNameTheField(
      String method, String path, int status, String code, String field) throws Exception {
    run("{\"until\":\"2026-10-01T00:00:00Z\"}");

    JsonNode problem = problem(
        status,
        code,
        send(method, "/api/billing/" + path, "", method.equals("GET") ? "READ" : "BILL"));

    JsonNode named = problem.get("error").get("field");
    assertEquals(field, named == null ? null : named.textValue());
  }

  @Test
  void badRunsAreProblemsThatNameTheField() throws Exception {
    for (String[] bad : new String[][] {
      {"{}", "400", "FIELD_MISSING", "until"},
      {"{\"until\":\"tomorrow\"}", "400", "FIELD_INVALID", "until"},
      {"{\"until\":\"2026-11-21T10:15:31Z\"}", "422", "RUN_UNTIL_IN_FUTURE", "until"},
      {"{\"until\":\"2026-11-01T00:00:00Z\",\"dry\":1}", "400", "FIELD_UNKNOWN", "dry"},
      {"{\"until\":\"2026-11-01T00:00:00Z\",\"dryRun\":1}", "400", "FIELD_INVALID", "dryRun"},
    }) {
      JsonNode problem = problem(
          Integer.parseInt(bad[1]), bad[2], send("POST", "/api/billing/runs", bad[0], "BILL"));
      assertEquals(bad[3], problem.get("error").get("field").textValue());
    }
  }

  @Test
  void aReasonMayNotComeWithOtherFields() throws Exception {
    run("{\"until\":\"2026-10-01T00:00:00Z\"}");

    problem(
        400,
        "FIELD_UNKNOWN",
        send("POST", "/api/billing/invoices/INV-000001/void", "{\"why\":\"x\"}", "BILL"));
    problem(
        400, "JSON_MALFORMED", send("POST", "/api/billing/invoices/INV-000001/void", "{", "BILL"));
  }

  @Test
  void readingNeedsReadAndBillingNeedsBill() throws Exception {
    for (String path : List.of("runs", "invoices/x/finalize", "invoices/x/void")) {
      problem(403, "PERMISSION_DENIED", send("POST", "/api/billing/" + path, "{}", "READ,WRITE"));
    }
    for (String path : List.of("runs", "runs/x", "invoices", "invoices/x", "invoices/x/items")) {
      problem(403, "PERMISSION_DENIED", send("GET", "/api/billing/" + path, null, "INGEST"));
    }
  }

  @Test
  void anotherTenantSeesNothing() throws Exception {
    run("{\"until\":\"2026-11-01T00:00:00Z\"}");
    JsonNode invoice = get(200, "/api/billing/invoices/INV-000001").get("data");
    tenantId = postgres.newTenant();

    assertEquals(0, total("/api/billing/invoices"));
    assertEquals(0, total("/api/billing/runs"));
    String path = "/api/billing/invoices/" + invoice.get("id").textValue();
    problem(404, "INVOICE_NOT_FOUND", send("GET", path, null, "READ"));
    problem(404, "INVOICE_NOT_FOUND", send("GET", path + "/explain", null, "READ"));
    problem(404, "INVOICE_NOT_FOUND", send("POST", path + "/void", "", "BILL"));
  }

  private int total(String path) throws Exception {
    return get(200, path).get("pagination").get("total").intValue();
  }

  private JsonNode get(int status, String path) throws Exception {
    return json(status, send("GET", path, null, "READ"));
  }

  private static JsonNode problem(int status, String code, HttpResponse<String> answer)
      throws Exception {
    JsonNode problem = json(status, answer);
    assertFalse(problem.get("success").booleanValue());
    assertEquals(code, problem.get("error").get("code").textValue(), answer.body());
    return problem;
  }

  private static JsonNode json(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    return Json.parseOwn(answer.body());
  }

  private HttpRequest.Builder request(String path, String permissions) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path))
        .header("Test-Tenant", tenantId.toString())
        .header("Test-Permissions", permissions);
  }

  private HttpResponse<String> send(String method, String path, String body, String permissions)
      throws Exception {
    HttpRequest.BodyPublisher content = body == null
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
    return CLIENT.send(
        request(path, permissions).method(method, content).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
