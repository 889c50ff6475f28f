package dev.weir.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.e2e.BadRequest.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of bad input gets a coded problem that names the field and the fix; good neighbours in a
 * batch still count; and the server goes on answering.
 */
final class BadInputEndToEndIT {

  private static final int MIB = 1 << 20;

  @TempDir
  static Path directory;

  private static final Map<Caller, Http> CALLERS = new EnumMap<>(Caller.class);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static LocalWeir weir;
  private static Http admin;
  private static Http stranger;
  private static String subscription;

  @BeforeAll
  static void start() {
    weir = LocalWeir.start(directory);
    admin = weir.admin();
    CALLERS.put(Caller.NOBODY, weir.anyone());
    CALLERS.put(Caller.ADMIN, admin);
    CALLERS.put(Caller.INGEST_KEY, admin.withKey("ingest"));
    CALLERS.put(Caller.READ_KEY, admin.withKey("read"));
    CALLERS.put(Caller.WRITE_KEY, admin.withKey("write"));
    stranger = weir.newTenant().admin();
    createCatalogue();
  }

  private static void createCatalogue() {
    admin.post("/api/v1/meters", """
            {"slug":"tokens","eventType":"llm.call","aggregation":"SUM","valueProperty":"$.tokens",
             "groupBy":{"model":"$.model"}}""").require(201);
    admin
        .post("/api/billing/customers", "{\"key\":\"acme\",\"name\":\"Acme\",\"currency\":\"USD\"}")
        .require(201);
    plan("pro", "USD");
    plan("pro-eur", "EUR");
    subscription = admin
        .post("/api/billing/subscriptions", """
            {"customerKey":"acme","planId":"pro","startedAt":"2026-01-01T00:00:00Z"}""")
        .require(201)
        .data()
        .path("id")
        .asText();
  }

  private static void plan(String key, String currency) {
    admin.post("/api/billing/plans", """
            {"key":"%s","name":"Pro","currency":"%s","billingCycle":"monthly","rateCards":[
              {"key":"base","type":"fee","price":{"model":"flat","amount":"9"}},
              {"key":"tokens","type":"usage","meter":"tokens",
               "price":{"model":"per_unit","unitPrice":"0.01"}}]}""".formatted(key, currency)).require(201);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @AfterEach
  void theServerStillAnswers() {
    assertEquals(200, weir.anyone().get("/health/ready").status());
    assertEquals(200, admin.get("/api/v1/meters/tokens").status());
  }

  static Stream<BadRequest> badRequests() {
    return Stream.of(
            BadRequests.credentials(),
            BadRequests.paths(),
            BadRequests.bodies(),
            BadRequests.meters(),
            BadRequests.queries(),
            BadRequests.customers(),
            BadPrices.plans(),
            BadPrices.prices(),
            BadPrices.previews(),
            BadRequests.subscriptions(),
            BadRequests.billing(),
            BadRequests.nuls(),
            badIngest())
        .flatMap(List::stream);
  }

  /** Requests to ingest that are refused as a whole. */
  static List<BadRequest> badIngest() {
    byte[] large = (" ".repeat(9 * MIB) + "[]").getBytes(UTF_8);
    byte[] bomb = Bodies.gzip((" ".repeat(64 * MIB) + "[]").getBytes(UTF_8));
    byte[] good = Bodies.gzip(("[" + goodEvent("never") + "]").getBytes(UTF_8));
    byte[] cut = Arrays.copyOf(good, good.length / 2);
    assertTrue(bomb.length < 64 * MIB / 1_000 + 1_024, "a bomb of 1,000 times its size");
    String many = "[" + String.join(",", Collections.nCopies(10_001, goodEvent("never"))) + "]";
    return List.of(
        BadRequest.events("ingest: a list cut short", "[" + goodEvent("never") + ",")
            .gives(400, "JSON_MALFORMED"),
        BadRequest.events("ingest: an object cut short", "{\"id\":\"ne")
            .gives(400, "JSON_MALFORMED"),
        BadRequest.events("ingest: no JSON", "id=1").gives(400, "JSON_MALFORMED"),
        BadRequest.events("ingest: two objects", goodEvent("never") + goodEvent("never"))
            .gives(400, "JSON_MALFORMED"),
        BadRequest.events("ingest: no body", "").gives(400, "EVENT_BATCH_EMPTY"),
        BadRequest.events("ingest: an empty list", "[]").gives(400, "EVENT_BATCH_EMPTY"),
        BadRequest.events("ingest: empty lines", "\n\n")
            .header("Content-Type", "application/x-ndjson")
            .gives(400, "EVENT_BATCH_EMPTY"),
        BadRequest.events("ingest: too many events", many).gives(413, "EVENT_BATCH_TOO_MANY"),
        BadRequest.events("ingest: CSV", "id,source")
            .header("Content-Type", "text/csv")
            .gives(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type"),
        BadRequest.post("ingest: no type", "/api/v1/events", () -> BodyPublishers.ofString("[]"))
            .gives(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type"),
        BadRequest.events("ingest: brotli", "[]")
            .header("Content-Encoding", "br")
            .gives(415, "CONTENT_ENCODING_UNSUPPORTED", "Content-Encoding"),
        BadRequest.events("ingest: plain text said to be gzip", "[]")
            .header("Content-Encoding", "gzip")
            .gives(400, "BODY_MALFORMED"),
        gzipped("ingest: gzip cut short", cut).gives(400, "BODY_MALFORMED"),
        gzipped("ingest: a gzip bomb", bomb).gives(413, "BODY_TOO_LARGE"),
        bytes("ingest: 9 MiB with a length", large).gives(413, "BODY_TOO_LARGE"),
        BadRequest.post("ingest: 9 MiB in chunks", "/api/v1/events", Bodies.chunked(large))
            .header("Content-Type", "application/json")
            .gives(413, "BODY_TOO_LARGE"));
  }

  private static BadRequest bytes(String name, byte[] body) {
    return BadRequest.post(name, "/api/v1/events", () -> BodyPublishers.ofByteArray(body))
        .header("Content-Type", "application/json");
  }

  private static BadRequest gzipped(String name, byte[] body) {
    return bytes(name, body).header("Content-Encoding", "gzip");
  }

  private static String goodEvent(String id) {
    return """
        {"specversion":"1.0","id":"%s","source":"good","type":"llm.call","subject":"acme",\
        "time":"2026-01-05T10:00:00Z","data":{"tokens":2,"model":"m"}}""".formatted(id);
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void aBadRequestGetsACodedProblem(BadRequest bad) {
    Http http = CALLERS.get(bad.caller());
    for (Map.Entry<String, String> header : bad.headers().entrySet()) {
      http = http.with(header.getKey(), header.getValue());
    }
    bad.problem().check(http.send(bad.method(), bad.path(), bad.body().get()));
  }

  static List<BadEvent> badEvents() {
    return BadEvent.all();
  }

  @ParameterizedTest
  @MethodSource("badEvents")
  void aBadEventIsRejectedAndItsNeighboursCount(BadEvent bad) {
    int number = NUMBER.incrementAndGet();
    String event = bad.json().replace("%s", "bad-" + number);
    String body =
        "[%s,%s,%s]".formatted(goodEvent("left-" + number), event, goodEvent("right-" + number));

    JsonNode answer = admin.events(body).require(200).json();

    assertEquals(2, answer.path("accepted").asInt(), answer.toString());
    assertEquals(1, answer.path("rejected").asInt(), answer.toString());
    assertEquals(1, answer.path("verdicts").size(), answer.toString());
    checkRejected(bad, 1, answer.path("verdicts").path(0));
    requireSum(4L * number, answer.path("position").asText());

    Answer alone = admin.events("[" + event + "]").require(400);
    assertEquals(1, alone.json().path("rejected").asInt(), alone.toString());
    checkRejected(bad, 0, alone.json().path("verdicts").path(0));
    Answer minimal = admin.with("Prefer", "return=minimal").events("[" + event + "]");
    bad.problem().check(minimal);
    assertEquals(alone.json().path("verdicts"), minimal.json().path("verdicts"));
  }

  private static void checkRejected(BadEvent bad, int index, JsonNode verdict) {
    assertEquals("rejected", verdict.path("verdict").asText(), verdict.toString());
    assertEquals(index, verdict.path("index").asInt(), verdict.toString());
    assertEquals(bad.code(), verdict.path("code").asText(), verdict.toString());
    assertEquals(bad.field(), verdict.path("field").asText(), verdict.toString());
    Problem.checkMessage(verdict.path("message").asText());
  }

  /** NaN is no JSON, but only its event is lost, whether the type stands before the data or after. */
  @ParameterizedTest
  @MethodSource("nonFinite")
  void aNumberThatIsNoneIsRejectedAndItsNeighboursCount(String number) {
    String first = """
        {"specversion":"1.0","id":"x","source":"bad","type":"llm.call","subject":"acme",\
        "data":{"tokens":%s}}""".formatted(number);
    String last = """
        {"specversion":"1.0","id":"y","source":"bad","data":{"tokens":%s},"type":"llm.call",\
        "subject":"acme"}""".formatted(number);
    int run = NUMBER.incrementAndGet();
    String body =
        "[%s,%s,%s,%s]".formatted(goodEvent("left-" + run), first, last, goodEvent("right-" + run));

    JsonNode answer = admin.events(body).require(200).json();

    assertEquals(2, answer.path("accepted").asInt(), answer.toString());
    assertEquals(2, answer.path("rejected").asInt(), answer.toString());
    requireSum(4L * run, answer.path("position").asText());
  }

  static List<String> nonFinite() {
    return List.of("NaN", "Infinity", "-Infinity", "1" + "0".repeat(2_000));
  }

  private static void requireSum(long expected, String position) {
    String query = "/api/v1/meters/tokens/query?from=2026-01-05T10:00:00Z&to=2026-01-05T10:01:00Z"
        + "&decimals=string&after=" + position;
    String value = admin.get(query).require(200).json().at("/data/0/value").asText();
    assertEquals(Long.toString(expected), value);
  }

  @Test
  void anotherTenantSeesNothingOfThisOne() {
    String meter =
        admin.get("/api/v1/meters/tokens").require(200).json().path("id").asText();
    String customer = id("/api/billing/customers/acme");
    String plan = id("/api/billing/plans/pro");
    String run = bill();
    JsonNode invoice = admin.get("/api/billing/invoices").require(200).data().path(0);
    String invoiceId = invoice.path("id").asText();
    String number = invoice.path("invoiceNumber").asText();

    absent("GET", "/api/v1/meters/" + meter, "METER_NOT_FOUND");
    absent("GET", "/api/v1/meters/tokens", "METER_NOT_FOUND");
    absent("GET", "/api/v1/meters/" + meter + "/query", "METER_NOT_FOUND");
    absent("DELETE", "/api/v1/meters/" + meter, "METER_NOT_FOUND");
    absent("PUT", "/api/v1/meters/" + meter, "METER_NOT_FOUND");
    absent("GET", "/api/billing/customers/" + customer, "CUSTOMER_NOT_FOUND");
    absent("GET", "/api/billing/plans/" + plan, "PLAN_NOT_FOUND");
    absent("GET", "/api/billing/subscriptions/" + subscription, "SUBSCRIPTION_NOT_FOUND");
    absent("GET", "/api/billing/subscriptions/" + subscription + "/bill", "SUBSCRIPTION_NOT_FOUND");
    absent("GET", "/api/billing/runs/" + run, "RUN_NOT_FOUND");
    for (String name : List.of(invoiceId, number)) {
      absent("GET", "/api/billing/invoices/" + name, "INVOICE_NOT_FOUND");
      absent("GET", "/api/billing/invoices/" + name + "/items", "INVOICE_NOT_FOUND");
      absent("GET", "/api/billing/invoices/" + name + "/explain", "INVOICE_NOT_FOUND");
      absent("POST", "/api/billing/invoices/" + name + "/void", "INVOICE_NOT_FOUND");
    }
    for (String list : List.of("customers", "plans", "subscriptions", "invoices", "runs")) {
      assertEquals(0, stranger.get("/api/billing/" + list).require(200).data().size(), list);
    }
    assertEquals(0, stranger.get("/api/v1/meters").require(200).json().size());
    assertEquals(
        "open",
        admin
            .get("/api/billing/invoices/" + invoiceId)
            .require(200)
            .data()
            .path("status")
            .asText());
    subscribeToWhatIsNotOurs(customer, plan);
    sendWhatTheOtherSent();
  }

  private static String id(String path) {
    return admin.get(path).require(200).data().path("id").asText();
  }

  private static String bill() {
    String run = admin
        .post("/api/billing/runs", "{\"until\":\"2026-01-01T00:00:00Z\"}")
        .require(202)
        .data()
        .path("id")
        .asText();
    Await.until(
        "the run ends",
        NumberedUsage.PATIENCE,
        () ->
            admin.get("/api/billing/runs/" + run).data().path("state").asText().equals("done"));
    return run;
  }

  private static void absent(String method, String path, String code) {
    Http http = stranger.with("Content-Type", "application/json");
    new Problem(404, code, "").check(http.send(method, path, BodyPublishers.ofString("{}")));
  }

  private static void subscribeToWhatIsNotOurs(String customer, String plan) {
    stranger
        .post("/api/billing/customers", "{\"key\":\"acme\",\"name\":\"Mine\",\"currency\":\"USD\"}")
        .require(201);
    String body = "{\"customerId\":\"%s\",\"planId\":\"%s\"}";
    new Problem(404, "PLAN_NOT_FOUND", "planId")
        .check(stranger.post("/api/billing/subscriptions", body.formatted("acme", plan)));
    stranger.post("/api/billing/plans", """
            {"key":"pro","name":"Mine","currency":"USD","billingCycle":"monthly","rateCards":[
              {"key":"base","type":"fee","price":{"model":"flat","amount":"1"}}]}""").require(201);
    new Problem(404, "CUSTOMER_NOT_FOUND", "customerId")
        .check(stranger.post("/api/billing/subscriptions", body.formatted(customer, "pro")));
  }

  /** Identities are the tenant's own: what another tenant sent is new here. */
  private static void sendWhatTheOtherSent() {
    admin.events("[" + goodEvent("shared") + "]").require(200);
    JsonNode answer =
        stranger.events("[" + goodEvent("shared") + "]").require(200).json();
    assertEquals(1, answer.path("accepted").asInt(), answer.toString());
    NUMBER.incrementAndGet();
    admin.events("[" + goodEvent("shared-too") + "]").require(200);
  }
}
