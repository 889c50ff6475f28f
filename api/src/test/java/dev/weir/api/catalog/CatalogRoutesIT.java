package dev.weir.api.catalog;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.api.http.Problems;
import dev.weir.api.usage.VisibleUsage;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.database.Database;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.rating.bill.PeriodUsage;
import dev.weir.rating.bill.RunningBill;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.MeterLookup;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes over real HTTP and PostgreSQL; only sign-in and metered usage are stood in for. */
final class CatalogRoutesIT {

  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");
  private static final UUID METER_ID = new UUID(0x7000L, 0x8000000000000001L);

  private static TestDatabase postgres;
  private static HttpServer server;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private UUID tenantId;

  @BeforeAll
  static void open() {
    postgres = TestDatabase.create();
    InstantSource clock = InstantSource.fixed(NOW);
    Router router = Router.router(postgres.vertx());
    router.route().failureHandler(new Problems(clock)::handle);
    router.route().handler(BodyHandler.create(false)).handler(CatalogRoutesIT::signIn);
    mount(router, postgres.database(), clock);
    server = await(postgres.vertx().createHttpServer().requestHandler(router).listen(0));
  }

  private static void mount(Router router, Database database, InstantSource clock) {
    Answers answers = new Answers(clock);
    TimeOrderedIds ids = new TimeOrderedIds(clock, new SecureRandom());
    MeterLookup meters = (connection, tenantId, idOrKey) -> meter(tenantId, idOrKey);
    CustomerStore customers = new CustomerStore(ids, clock);
    PlanStore plans = new PlanStore(meters, ids, clock);
    SubscriptionStore subscriptions = new SubscriptionStore(ids, clock);
    PeriodUsage usage = new PeriodUsage(
        meters, (connection, query) -> Future.succeededFuture(Quantity.of(1_500_001)));
    RunningBill bills = new RunningBill(database, subscriptions, customers, plans, usage, clock);
    new CustomerRoutes(database, customers, answers).mount(router);
    new PlanRoutes(database, plans, answers).mount(router);
    new SubscriptionRoutes(
            database, customers, plans, subscriptions, bills, new EverythingVisible(), answers)
        .mount(router);
    new PriceRoutes(answers).mount(router);
  }

  /** Usage here is given, not counted. */
  private static final class EverythingVisible implements VisibleUsage {
    @Override
    public String position() {
      return "0:4711";
    }

    @Override
    public Future<Void> reaches(String after) {
      return Future.succeededFuture();
    }
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
    Permission permission = Permission.valueOf(context.request().getHeader("Test-Permission"));
    Set<Permission> permissions =
        permission == Permission.WRITE ? Set.of(Permission.READ, permission) : Set.of(permission);
    new Caller(tenant, tenant, "test", permissions).attach(context);
    context.next();
  }

  @AfterAll
  static void close() {
    await(server.close());
    postgres.close();
  }

  @BeforeEach
  void newTenant() {
    tenantId = postgres.newTenant();
  }

  @Test
  void aCustomerGoesRoundInTheEnvelope() throws Exception {
    JsonNode created = post(
        201,
        "/api/billing/customers",
        "{'key':'acme','name':'Acme','email':'a@acme.example','currency':'USD',"
            + "'timeZone':'Europe/Berlin','subjects':['b','a'],'address':{'city':'Berlin'},"
            + "'taxId':'DE1'}");
    assertTrue(created.get("success").booleanValue());
    assertEquals(NOW.toString(), created.get("timestamp").textValue());
    JsonNode data = created.get("data");
    assertEquals("Europe/Berlin", data.get("timeZone").textValue());
    assertEquals("[\"a\",\"b\"]", data.get("subjects").toString());
    assertEquals("{\"city\":\"Berlin\"}", data.get("address").toString());
    assertEquals(data, get(200, "/api/billing/customers/acme").get("data"));
    assertEquals(
        data, get(200, "/api/billing/customers/" + data.get("id").textValue()).get("data"));
    JsonNode list = get(200, "/api/billing/customers?page=1&limit=5");
    assertEquals(data, list.get("data").get(0));
    assertEquals(
        "{\"page\":1,\"limit\":5,\"total\":1,\"totalPages\":1}",
        list.get("pagination").toString());
  }

  @Test
  void theKeyIsTheSubjectWhenNoneAreGivenAndAnAddressMayBeText() throws Exception {
    JsonNode data = post(
            201,
            "/api/billing/customers",
            "{'key':'acme','name':'Acme','currency':'USD','address':'1 Main St'}")
        .get("data");
    assertEquals("[\"acme\"]", data.get("subjects").toString());
    assertEquals("UTC", data.get("timeZone").textValue());
    assertEquals("{\"line1\":\"1 Main St\"}", data.get("address").toString());
    JsonNode none = post(
            201, "/api/billing/customers", "{'key':'b','name':'B','currency':'USD','subjects':[]}")
        .get("data");
    assertEquals("[]", none.get("subjects").toString());
  }

  @Test
  void aPlanGoesRoundWithItsPricesAsWritten() throws Exception {
    JsonNode created = plan("llm-pro").get("data");
    assertEquals(1, created.get("version").intValue());
    assertEquals(
        "{\"model\":\"graduated\",\"tiers\":["
            + "{\"upTo\":\"1000000\",\"unitPrice\":\"0.000002\",\"flat\":\"0\"},"
            + "{\"upTo\":null,\"unitPrice\":\"0.000001\",\"flat\":\"0\"}]}",
        created.get("rateCards").get(1).get("price").toString());
    assertEquals("in_advance", created.get("rateCards").get(0).get("billing").textValue());
    assertEquals(created, get(200, "/api/billing/plans/llm-pro").get("data"));
    assertEquals(2, plan("llm-pro").get("data").get("version").intValue());
    assertEquals(
        1,
        get(200, "/api/billing/plans/" + created.get("id").textValue())
            .get("data")
            .get("version")
            .intValue());
    assertEquals(
        1, get(200, "/api/billing/plans").get("pagination").get("total").intValue());
  }

  @Test
  void aSubscriptionHasAPeriodAndARunningBill() throws Exception {
    customer("acme", "USD");
    plan("llm-pro");
    JsonNode made = post(
            201,
            "/api/billing/subscriptions",
            "{'customerKey':'acme','planId':'llm-pro','billingCycle':'monthly','currency':'USD',"
                + "'startedAt':'2026-10-31T12:00:30+02:00','autoRenew':true}")
        .get("data");
    assertEquals("active", made.get("status").textValue());
    assertEquals("2026-10-31T10:00:00Z", made.get("startedAt").textValue());
    assertEquals("2026-11-30T10:00:00Z", made.get("currentPeriodEnd").textValue());
    String path = "/api/billing/subscriptions/" + made.get("id").textValue();
    assertEquals(made, get(200, path).get("data"));
    JsonNode bill = get(200, path + "/bill").get("data");
    assertEquals("101.50", bill.get("total").textValue());
    assertEquals("0:4711", bill.get("position").textValue());
    assertEquals(NOW.toString(), bill.get("asOf").textValue());
    assertEquals("2026-10-31T10:00:00Z", bill.get("from").textValue());
    JsonNode base = bill.get("lines").get(0);
    assertEquals("1", base.get("quantity").textValue());
    assertEquals("99.00", base.get("amount").textValue());
    JsonNode tokens = bill.get("lines").get(1);
    assertEquals("tokens", tokens.get("rateCard").textValue());
    assertEquals("1500001", tokens.get("quantity").textValue());
    assertEquals("2.500001", tokens.get("amount").textValue());
    assertEquals("2.50", tokens.get("roundedAmount").textValue());
    assertEquals("500001", tokens.get("tiers").get(1).get("units").textValue());
  }

  @Test
  void withoutACustomerTheTenantsOwnIsSubscribed() throws Exception {
    plan("llm-pro");
    String body = "{'tenantId':'%s','planId':'llm-pro'}".formatted(tenantId);
    JsonNode first = post(201, "/api/billing/subscriptions", body).get("data");
    post(
        201,
        "/api/billing/plans",
        "{'key':'support','name':'Support','currency':'USD','billingCycle':'monthly','rateCards':["
            + "{'key':'base','type':'fee','price':{'model':'flat','amount':'10.00'}}]}");
    JsonNode second = post(201, "/api/billing/subscriptions", body.replace("llm-pro", "support"))
        .get("data");
    assertEquals(first.get("customerId"), second.get("customerId"));
    JsonNode own = get(200, "/api/billing/customers/default").get("data");
    assertEquals(first.get("customerId"), own.get("id"));
    assertEquals("Test", own.get("name").textValue());
  }

  @Test
  void aRepeatedSubscriptionIsRefusedAsItWouldBillTwice() throws Exception {
    customer("acme", "USD");
    plan("llm-pro");
    plan("llm-max");
    String body = "{'customerKey':'acme','planId':'%s'}";
    post(201, "/api/billing/subscriptions", body.formatted("llm-pro"));
    for (String plan : new String[] {"llm-pro", "llm-max"}) {
      JsonNode problem = post(409, "/api/billing/subscriptions", body.formatted(plan));
      assertEquals("SUBSCRIPTION_DUPLICATE", problem.at("/error/code").textValue());
      assertEquals("planId", problem.at("/error/field").textValue());
    }
  }

  @Test
  void subscriptionsAreListedByCustomerAndStatus() throws Exception {
    String acme = customer("acme", "USD").get("data").get("id").textValue();
    customer("other", "USD");
    plan("llm-pro");
    for (String key : new String[] {"acme", "other"}) {
      post(
          201,
          "/api/billing/subscriptions",
          "{'customerId':'%s','planId':'llm-pro'}".formatted(key));
    }
    assertEquals(2, total("/api/billing/subscriptions"));
    assertEquals(1, total("/api/billing/subscriptions?status=active&customerId=" + acme));
    assertProblem(400, "QUERY_PARAMETER_INVALID", get(400, "/api/billing/subscriptions?status=x"));
    assertProblem(
        400, "QUERY_PARAMETER_INVALID", get(400, "/api/billing/subscriptions?customerId=x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "customers|{'key':'acme','name':'A','currency':'USD','subjects':['s']}"
            + "|409|CUSTOMER_KEY_TAKEN|key",
        "customers|{'key':'b','name':'B','currency':'USD','subjects':['acme']}"
            + "|409|CUSTOMER_SUBJECT_TAKEN|subjects[0]",
        "customers|{'key':'b','name':'B','currency':'XAU'}|400|CURRENCY_UNKNOWN|currency",
        "customers|{'key':'b','name':'B','currency':'USD','timeZone':'Mars/Olympus'}"
            + "|400|TIME_ZONE_UNKNOWN|timeZone",
        "customers|{'key':'b','name':'B','currency':'USD','timeZone':'+02:00'}"
            + "|400|TIME_ZONE_UNKNOWN|timeZone",
        "customers|{'key':'b','name':'B','currency':'USD','email':'x'}|400|FIELD_INVALID|email",
        "customers|{'key':'b','name':'B','currency':'USD','subject':'x'}|400|FIELD_UNKNOWN|subject",
        "customers|{'key':'b','currency':'USD'}|400|FIELD_MISSING|name",
        "plans|{'key':'p','name':'P','currency':'USD','billingCycle':'monthly','rateCards':[]}"
            + "|400|PLAN_RATE_CARDS_MISSING|rateCards",
        "plans|{'key':'p','name':'P','currency':'USD','billingCycle':'hourly','rateCards':[]}"
            + "|400|FIELD_INVALID|billingCycle",
        "plans|{'key':'p','name':'P','currency':'USD','billingCycle':'monthly','rateCards':[{"
            + "'key':'u','type':'usage','meter':'nope','price':{'model':'flat','amount':'1'}}]}"
            + "|422|RATE_CARD_METER_UNKNOWN|rateCards[0].meter",
        "plans|{'key':'p','name':'P','currency':'USD','billingCycle':'monthly','rateCards':[{"
            + "'key':'u','type':'usage','meter':'tokens','price':{'model':'volume','tiers':["
            + "{'upTo':'5'},{'upTo':'3'},{'upTo':null}]}}]}"
            + "|400|PRICE_TIERS_NOT_INCREASING|rateCards[0].price.tiers[1].upTo",
        "plans|{'key':'p','name':'P','currency':'USD','billingCycle':'monthly','rateCards':[{"
            + "'key':'u','type':'usage','meter':'tokens','filter':{'model':'m'},"
            + "'price':{'model':'flat','amount':'1'}}]}"
            + "|400|RATE_CARD_FILTER_UNKNOWN|rateCards[0].filter.model",
        "subscriptions|{'customerKey':'acme'}|400|FIELD_MISSING|planId",
        "subscriptions|{'customerKey':'acme','planId':'nope'}|404|PLAN_NOT_FOUND|planId",
        "subscriptions|{'customerKey':'nope','planId':'llm-pro'}"
            + "|404|CUSTOMER_NOT_FOUND|customerKey",
        "subscriptions|{'customerId':'nope','planId':'llm-pro'}|404|CUSTOMER_NOT_FOUND|customerId",
        "subscriptions|{'customerId':'acme','customerKey':'acme','planId':'llm-pro'}"
            + "|400|FIELD_INVALID|customerKey",
        "subscriptions|{'customerKey':'yen','planId':'llm-pro'}"
            + "|422|SUBSCRIPTION_CURRENCY_MISMATCH|planId",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','currency':'EUR'}"
            + "|422|SUBSCRIPTION_CURRENCY_MISMATCH|currency",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','billingCycle':'yearly'}"
            + "|422|SUBSCRIPTION_CYCLE_MISMATCH|billingCycle",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','trialEndsAt':'2027-01-01T00:00:00Z'}"
            + "|422|SUBSCRIPTION_FIELD_UNSUPPORTED|trialEndsAt",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','currentPrice':9}"
            + "|422|SUBSCRIPTION_FIELD_UNSUPPORTED|currentPrice",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','currentPeriodEnd':'x'}"
            + "|422|SUBSCRIPTION_FIELD_UNSUPPORTED|currentPeriodEnd",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','autoRenew':false}"
            + "|422|SUBSCRIPTION_FIELD_UNSUPPORTED|autoRenew",
        "subscriptions|{'tenantId':'0190b2f4-0000-7000-8000-000000000000','planId':'llm-pro'}"
            + "|403|PERMISSION_DENIED|tenantId",
        "subscriptions|{'customerKey':'acme','planId':'llm-pro','startedAt':'yesterday'}"
            + "|400|FIELD_INVALID|startedAt",
        "prices/preview|{'currency':'USD','price':{'model':'flat','amount':'1'},'events':[]}"
            + "|422|PRICE_EVENTS_UNSUPPORTED|events",
        "plans|[]|400|FIELD_INVALID|",
        "plans|{|400|JSON_MALFORMED|",
        "plans||400|JSON_MALFORMED|"
      })
  void badInputIsAProblemThatNamesTheField(
      String path, String body, int status, String code, String field) throws Exception {
    customer("acme", "USD");
    customer("yen", "JPY");
    plan("llm-pro");
    JsonNode problem = post(status, "/api/billing/" + path, body == null ? "" : body);
    assertProblem(status, code, problem);
    JsonNode named = problem.get("error").get("field");
    assertEquals(field, named == null ? null : named.textValue());
  }

  @Test
  void anotherTenantFindsNothing() throws Exception {
    customer("acme", "USD");
    JsonNode plan = plan("llm-pro").get("data");
    JsonNode made = post(
            201, "/api/billing/subscriptions", "{'customerKey':'acme','planId':'llm-pro'}")
        .get("data");
    tenantId = postgres.newTenant();
    assertProblem(404, "CUSTOMER_NOT_FOUND", get(404, "/api/billing/customers/acme"));
    assertProblem(
        404, "PLAN_NOT_FOUND", get(404, "/api/billing/plans/" + plan.get("id").textValue()));
    String path = "/api/billing/subscriptions/" + made.get("id").textValue();
    assertProblem(404, "SUBSCRIPTION_NOT_FOUND", get(404, path));
    assertProblem(404, "SUBSCRIPTION_NOT_FOUND", get(404, path + "/bill"));
    assertEquals(0, total("/api/billing/subscriptions"));
    assertEquals(0, total("/api/billing/plans"));
    assertEquals(0, total("/api/billing/customers"));
  }

  @Test
  void readingNeedsReadAndWritingNeedsWrite() throws Exception {
    for (String path : new String[] {"customers", "plans", "subscriptions", "prices/preview"}) {
      HttpResponse<String> refused = send("POST", "/api/billing/" + path, "{}", Permission.READ);
      assertEquals(403, refused.statusCode(), path);
    }
    for (String path : new String[] {
      "customers",
      "customers/x",
      "plans",
      "plans/x",
      "subscriptions",
      "subscriptions/x",
      "subscriptions/x/bill"
    }) {
      HttpResponse<String> refused = send("GET", "/api/billing/" + path, null, Permission.INGEST);
      assertEquals(403, refused.statusCode(), path);
    }
  }

  private JsonNode customer(String key, String currency) throws Exception {
    return post(
        201,
        "/api/billing/customers",
        "{'key':'%s','name':'Customer','currency':'%s'}".formatted(key, currency));
  }

  private JsonNode plan(String key) throws Exception {
    return post(
        201,
        "/api/billing/plans",
        ("{'key':'%s','name':'Pro','currency':'USD','billingCycle':'monthly','rateCards':["
                + "{'key':'base','type':'fee','price':{'model':'flat','amount':'99.00'},"
                + "'billing':'in_advance'},"
                + "{'key':'tokens','type':'usage','meter':'tokens','price':{'model':'graduated',"
                + "'tiers':[{'upTo':'1000000','unitPrice':'0.000002','flat':'0'},"
                + "{'upTo':null,'unitPrice':'0.000001','flat':'0'}]}}]}")
            .formatted(key));
  }

  private int total(String path) throws Exception {
    return get(200, path).get("pagination").get("total").intValue();
  }

  private static void assertProblem(int status, String code, JsonNode problem) {
    assertFalse(problem.get("success").booleanValue());
    assertEquals(status, problem.get("status").intValue());
    assertEquals(code, problem.get("error").get("code").textValue());
  }

  private JsonNode post(int status, String path, String body) throws Exception {
    return answer(status, send("POST", path, body.replace('\'', '"'), Permission.WRITE));
  }

  private JsonNode get(int status, String path) throws Exception {
    return answer(status, send("GET", path, null, Permission.READ));
  }

  private static JsonNode answer(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    return Json.parseOwn(response.body());
  }

  private HttpResponse<String> send(String method, String path, String body, Permission permission)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://localhost:" + server.actualPort() + path))
        .method(
            method,
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .header("Content-Type", "application/json")
        .header("Test-Tenant", tenantId.toString())
        .header("Test-Permission", permission.name())
        .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
