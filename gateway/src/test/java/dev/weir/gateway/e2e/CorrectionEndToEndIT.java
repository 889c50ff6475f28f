package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Void and replace over HTTP, one and many at once: usage and the running bill follow, the audit keeps
 * both versions, and usage as it was known before stays to be asked for.
 */
final class CorrectionEndToEndIT {

  private static final String EVENTS = "/api/v1/events";
  private static final List<String> AGGREGATIONS =
      List.of("sum", "count", "max", "latest", "unique_count");

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
  void meterEveryEventInFiveWays() {
    tenant = weir.newTenant();
    admin = tenant.admin();
    for (String aggregation : AGGREGATIONS) {
      admin
          .post(
              "/api/v1/meters",
              aggregation.equals("count")
                  ? Map.of("slug", aggregation, "eventType", "call", "aggregation", "COUNT")
                  : Map.of(
                      "slug",
                      aggregation,
                      "eventType",
                      "call",
                      "aggregation",
                      aggregation.toUpperCase(Locale.ROOT),
                      "valueProperty",
                      "$.n"))
          .require(201);
    }
  }

  private static String event(String id, String subject, String time, String n) {
    return """
        {"specversion":"1.0","id":"%s","source":"/s","type":"call","subject":"%s","time":"%s",
         "data":{"n":%s}}""".formatted(id, subject, time, n);
  }

  private String send(String... events) {
    JsonNode answer =
        admin.events("[" + String.join(",", events) + "]").require(200).json();
    assertEquals(events.length, answer.path("accepted").asInt(), answer.toString());
    return answer.path("position").asText();
  }

  /** Values of all meters, in their order, for one subject. */
  private String usage(String subject, String more) {
    return String.join(
        " ", AGGREGATIONS.stream().map(meter -> value(meter, subject, more)).toList());
  }

  private String value(String meter, String subject, String more) {
    JsonNode rows = admin
        .get("/api/v1/meters/" + meter + "/query?subject=" + subject + more)
        .require(200)
        .json()
        .path("data");
    return rows.isEmpty() ? "-" : rows.get(0).path("value").asText();
  }

  private static String after(JsonNode answer) {
    return "&after=" + answer.path("position").asText();
  }

  private String sendFour() {
    return send(
        event("1", "a", "2026-03-01T10:00:00Z", "1.5"),
        event("2", "a", "2026-03-01T10:00:10Z", "40"),
        event("3", "a", "2026-03-01T10:00:20Z", "7"),
        event("4", "b", "2026-03-01T10:00:30Z", "7"));
  }

  @Test
  void aVoidedEventCountsNoLonger() {
    String sent = sendFour();
    assertEquals("48.5 3 40 7 3", usage("a", "&after=" + sent));
    JsonNode answer = Wire.plain(
        admin.post(EVENTS + "/2/void", "{\"reason\":\"load test\",\"source\":\"/s\"}"), 200);
    assertEquals("voided", answer.path("verdict").asText(), answer.toString());
    assertEquals("2", answer.path("id").asText());
    assertEquals("/s", answer.path("source").asText());
    assertEquals("8.5 2 7 7 2", usage("a", after(answer)));
    assertEquals("7 1 7 7 1", usage("b", after(answer)));
    JsonNode again = Wire.plain(admin.post(EVENTS + "/3/void", "{\"reason\":\"load test\"}"), 200);
    assertEquals("1.5 1 1.5 1.5 1", usage("a", after(again)));
    JsonNode last = Wire.plain(admin.post(EVENTS + "/1/void", "{\"reason\":\"load test\"}"), 200);
    assertEquals("- - - - -", usage("a", after(last)).replace("0", "-"));
    assertEquals("7 1 7 7 1", usage("b", after(last)));
  }

  @Test
  void aSecondVoidFindsItDoneAndTheIdStaysTaken() {
    sendFour();
    admin.post(EVENTS + "/2/void", "{\"reason\":\"first\"}").require(200);
    JsonNode second =
        admin.post(EVENTS + "/2/void", "{\"reason\":\"second\"}").require(200).json();
    assertEquals("voided", second.path("verdict").asText(), second.toString());
    JsonNode records = admin.get(EVENTS + "/2").require(200).json().at("/events/0/records");
    assertEquals(2, records.size(), records.toString());
    assertEquals("first", records.at("/1/reason").asText());
    assertEquals("8.5 2 7 7 2", usage("a", after(second)));
    JsonNode resent =
        admin.events(event("2", "a", "2026-03-01T10:00:10Z", "40")).require(200).json();
    assertEquals(1, resent.path("duplicates").asInt(), "sent again by a slow client: " + resent);
    assertEquals("8.5 2 7 7 2", usage("a", after(resent)));
  }

  @Test
  void aReplacementCountsInsteadAlsoForAnotherSubjectAndTime() {
    sendFour();
    JsonNode answer = Wire.plain(
        admin.post(
            EVENTS + "/2/replace",
            "{\"reason\":\"wrong customer\",\"event\":"
                + event("2", "b", "2026-03-01T10:00:25Z", "0.25") + "}"),
        200);
    assertEquals("8.5 2 7 7 2", usage("a", after(answer)));
    assertEquals("7.25 2 7 7 2", usage("b", after(answer)));
    JsonNode once = Wire.plain(
        admin.post(
            EVENTS + "/2/replace",
            "{\"reason\":\"and the amount\",\"event\":"
                + event("2", "b", "2026-03-01T10:00:50Z", "9") + "}"),
        200);
    assertEquals("16 2 9 9 2", usage("b", after(once)));
    JsonNode records = admin.get(EVENTS + "/2").require(200).json().at("/events/0/records");
    assertEquals(
        List.of(
            "event 40 ",
            "void 40 wrong customer",
            "replacement 0.25 ",
            "void 0.25 and the amount",
            "replacement 9 "),
        StreamSupport.stream(records.spliterator(), false)
            .map(r -> r.path("kind").asText() + " " + r.at("/event/data/n").asText() + " "
                + r.path("reason").asText())
            .toList());
    assertEquals(tenant.email(), records.get(1).path("author").asText());
  }

  @Test
  void manyAtOnceAreJudgedOneByOne() {
    sendFour();
    JsonNode answer = Wire.plain(admin.post(EVENTS + "/void", """
        {"reason":"retries of an outage",
         "events":[{"id":"1"},{"id":"unknown"},{"id":"4","reason":"another reason"},{"id":"3"}]}"""), 200);
    assertEquals(
        List.of("1 voided ", "unknown rejected EVENT_NOT_FOUND", "4 voided ", "3 voided "),
        StreamSupport.stream(answer.path("verdicts").spliterator(), false)
            .map(v -> v.path("id").asText() + " " + v.path("verdict").asText() + " "
                + v.path("code").asText())
            .toList());
    assertEquals("40 1 40 40 1", usage("a", after(answer)));
    assertEquals(
        "another reason",
        admin
            .get(EVENTS + "/4")
            .require(200)
            .json()
            .at("/events/0/records/1/reason")
            .asText());
    JsonNode replaced = Wire.plain(
        admin.post(
            EVENTS + "/replace",
            "{\"reason\":\"units\",\"events\":[{\"event\":"
                + event("2", "a", "2026-03-01T10:00:10Z", "4") + "},{\"event\":"
                + event("5", "a", "2026-03-01T10:00:10Z", "4") + "}]}"),
        200);
    assertEquals("replaced", replaced.at("/verdicts/0/verdict").asText(), replaced.toString());
    assertEquals("rejected", replaced.at("/verdicts/1/verdict").asText(), replaced.toString());
    assertEquals("4 1 4 4 1", usage("a", after(replaced)));
  }

  @Test
  void usageAsItWasKnownStaysAvailableByPositionAndByTime() {
    String sent = sendFour();
    String known = usage("a", "&after=" + sent);
    Instant before = Instant.now();
    Await.until(
        "another millisecond",
        Duration.ofSeconds(30),
        () -> Instant.now().toEpochMilli() > before.toEpochMilli() + 1);
    JsonNode voided =
        admin.post(EVENTS + "/2/void", "{\"reason\":\"test\"}").require(200).json();
    String late = send(event("late", "a", "2026-03-01T10:00:05Z", "100"));
    assertEquals("108.5 3 100 7 3", usage("a", "&after=" + late));
    assertEquals(known, usage("a", "&asOf=" + sent));
    assertEquals(known, usage("a", "&asOf=" + before));
    assertEquals("8.5 2 7 7 2", usage("a", "&asOf=" + voided.path("position").asText()));
    assertEquals("108.5 3 100 7 3", usage("a", "&asOf=" + late));
    assertEquals("108.5 3 100 7 3", usage("a", "&asOf=" + Instant.now()));
    assertEquals("- - - - -", usage("a", "&asOf=2026-03-01T11:00:00Z").replace("0", "-"));
    for (String wrong : List.of("yesterday", "9:99999999", "2999-01-01T00:00:00Z", "-1:5")) {
      Answer refused = admin.get("/api/v1/meters/sum/query?asOf=" + wrong);
      assertEquals(400, refused.status(), wrong + ": " + refused.text());
      assertTrue(refused.text().contains("asOf"), refused.text());
    }
  }

  @Test
  void refusalsNameWhatIsWrongAndChangeNothing() {
    sendFour();
    String sent = send(event("2", "a", "2026-03-01T10:00:10Z", "5").replace("\"/s\"", "\"/t\""));
    String before = usage("a", "&after=" + sent);
    new Problem(400, "FIELD_MISSING", "reason").check(admin.post(EVENTS + "/1/void", "{}"));
    new Problem(404, "EVENT_NOT_FOUND", "id")
        .check(admin.post(EVENTS + "/none/void", "{\"reason\":\"r\"}"));
    Answer ambiguous = admin.post(EVENTS + "/2/void", "{\"reason\":\"r\"}");
    assertTrue(ambiguous.text().contains("EVENT_AMBIGUOUS"), ambiguous.text());
    assertTrue(ambiguous.text().contains("/t"), "it says which: " + ambiguous.text());
    Answer other = admin.post(
        EVENTS + "/1/replace",
        "{\"reason\":\"r\",\"event\":" + event("9", "a", "2026-03-01T10:00:10Z", "5") + "}");
    assertTrue(other.status() >= 400 && other.status() < 500, other.text());
    Answer bad = admin.post(
        EVENTS + "/1/replace", "{\"reason\":\"r\",\"event\":" + event("1", "a", "noon", "5") + "}");
    assertTrue(bad.status() >= 400 && bad.status() < 500, bad.text());
    Answer valueless = admin.post(
        EVENTS + "/1/replace",
        "{\"reason\":\"r\",\"event\":" + event("1", "a", "2026-03-01T10:00:10Z", "\"many\"") + "}");
    assertTrue(valueless.text().contains("data.n"), valueless.text());
    assertEquals(
        403,
        admin.withKey("ingest").post(EVENTS + "/1/void", "{\"reason\":\"r\"}").status());
    assertEquals(
        403,
        admin.withKey("read").post(EVENTS + "/1/void", "{\"reason\":\"r\"}").status());
    Http stranger = weir.newTenant().admin();
    new Problem(404, "EVENT_NOT_FOUND", "id")
        .check(stranger.post(EVENTS + "/1/void", "{\"reason\":\"r\"}"));
    assertEquals(before, usage("a", ""));
  }

  @Test
  void theRunningBillFollows() {
    admin
        .post(
            "/api/billing/customers",
            Map.of("key", "acme", "name", "Acme", "currency", "USD", "subjects", List.of("a")))
        .require(201);
    Map<String, Object> card = Map.of(
        "key", "sum",
        "type", "usage",
        "meter", "sum",
        "price", Map.of("model", "per_unit", "unitPrice", "0.10"));
    admin
        .post(
            "/api/billing/plans",
            Map.of(
                "key", "by-sum",
                "name", "By sum",
                "currency", "USD",
                "billingCycle", "monthly",
                "rateCards", List.of(card)))
        .require(201);
    String subscription = admin
        .post(
            "/api/billing/subscriptions",
            Map.of("customerKey", "acme", "planId", "by-sum", "startedAt", "2026-03-01T00:00:00Z"))
        .require(201)
        .data()
        .path("id")
        .asText();
    String sent = sendFour();
    assertEquals("48.5", value("sum", "a", "&after=" + sent));
    assertEquals("4.85", bill(subscription));
    JsonNode voided =
        admin.post(EVENTS + "/2/void", "{\"reason\":\"r\"}").require(200).json();
    assertEquals("8.5", value("sum", "a", after(voided)));
    assertEquals("0.85", bill(subscription));
  }

  private String bill(String subscription) {
    return admin
        .get("/api/billing/subscriptions/" + subscription + "/bill")
        .require(200)
        .data()
        .path("total")
        .asText();
  }
}
