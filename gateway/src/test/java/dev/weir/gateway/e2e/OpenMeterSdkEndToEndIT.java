package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * OpenMeter's published JavaScript client against Weir, changed in nothing but its base URL and token.
 * The script runs once; each test judges some of what it printed. A time is printed as the client read
 * it: with milliseconds where it became a date.
 */
final class OpenMeterSdkEndToEndIT {

  private static final String FROM = "2026-03-29T00:00:00.000Z";
  private static final String TO = "2026-03-30T00:00:00.000Z";

  @TempDir
  static Path directory;

  private static JsonNode results;

  @BeforeAll
  static void run() {
    NodeProject project = NodeProject.install("openmeter-sdk");
    try (LocalWeir weir = LocalWeir.start(directory)) {
      LocalWeir.Tenant tenant = weir.newTenant();
      Answer key = tenant
          .admin()
          .post(
              "/api/auth/api-keys",
              Map.of("name", "sdk", "scopes", List.of("ingest", "read", "write")))
          .require(201);
      NodeProject.Run run = project.node(
          "client.mjs",
          Map.of("WEIR_URL", weir.url(), "WEIR_TOKEN", key.data().path("key").asText()));
      assertEquals(0, run.exitCode(), () -> run.shown() + run.output());
      results = Json.parseOwn(run.output());
    }
  }

  @AfterAll
  static void forget() {
    results = null;
  }

  private static JsonNode result(String step) {
    assertTrue(results.has(step), step);
    return results.get(step);
  }

  private static void requireResult(String step, String expected) {
    assertEquals(Json.parseOwn(expected), result(step), step);
  }

  @Test
  void metersAreMadeFoundAndListed() {
    JsonNode created = result("created");
    assertEquals(
        Json.parseOwn("""
            {"id":"%s","slug":"tokens_total","name":"Tokens Total","description":"AI Token Usage",
             "metadata":{"team":"billing"},"eventType":"prompt","aggregation":"SUM",
             "valueProperty":"$.tokens","groupBy":{"model":"$.model","type":"$.type"},
             "windowSize":"MINUTE","createdAt":"%s","updatedAt":"%s"}""".formatted(
                created.path("id").asText(),
                created.path("createdAt").asText(),
                created.path("updatedAt").asText())),
        created);
    // The client made a date of it, so it was one.
    assertTrue(created.path("createdAt").asText().endsWith("Z"), created.toString());
    assertEquals(created, result("by id"));
    assertEquals(created, result("by slug"));
    assertEquals("prompts", result("unnamed").path("name").asText());
    assertFalse(result("unnamed").has("valueProperty"));
    assertEquals(
        List.of(
            "prompts",
            "tokens_avg",
            "tokens_latest",
            "tokens_max",
            "tokens_min",
            "tokens_total",
            "tokens_unique_count"),
        result("listed").findValuesAsText("slug"));
    assertEquals(
        List.of("tokens_min", "tokens_max", "tokens_latest"),
        result("page").findValuesAsText("slug"));
  }

  @Test
  void aMetersLabelChangesAndItsMeaningDoesNot() {
    JsonNode updated = result("updated");
    assertEquals("Tokens", updated.path("name").asText());
    assertEquals("All tokens", updated.path("description").asText());
    assertEquals("platform", updated.at("/metadata/team").asText());
    for (String same : List.of("id", "slug", "aggregation", "groupBy", "createdAt")) {
      assertEquals(result("created").path(same), updated.path(same), same);
    }
    requireRefused("another meaning", 422, "METER_CHANGE_REFUSED");
  }

  @Test
  void aDeletedMeterIsGone() {
    assertTrue(result("deleted").isNull(), "a client sees no body in 204");
    requireRefused("gone", 404, "METER_NOT_FOUND");
  }

  @Test
  void eventsAreTakenAndVerdictsReachTheCaller() {
    requireResult(
        "ingested one", """
        {"position":"%s","accepted":1,"duplicates":0,"conflicts":0,"rejected":0,"verdicts":[]}""".formatted(result("ingested one").path("position").asText()));
    JsonNode many = result("ingested many");
    assertEquals(2, many.path("accepted").asInt());
    assertEquals(
        Json.parseOwn("[{\"index\":2,\"id\":\"1\",\"verdict\":\"duplicate\"}]"),
        many.path("verdicts"));
    assertEquals(1, result("ingested with defaults").path("accepted").asInt());
  }

  @Test
  void eventsAreListed() {
    JsonNode found = result("events");
    assertEquals(2, found.size(), found.toString());
    assertEquals("2", found.at("/0/event/id").asText());
    assertEquals(Json.parseOwn("""
            {"specversion":"1.0","id":"1","source":"sdk","type":"prompt","subject":"acme",
             "time":"2026-03-29T00:59:59.999Z","data":{"tokens":10.5,"model":"m1","type":"in"}}"""), without(found.at("/1/event"), "datacontenttype"));
    for (JsonNode one : found) {
      assertTrue(one.path("ingestedAt").asText().endsWith("Z"), one.toString());
      assertEquals(one.path("ingestedAt"), one.path("storedAt"), one.toString());
    }
    assertEquals("globex", result("newest event").at("/0/event/subject").asText());
    assertEquals(1, result("newest event").size());
  }

  private static JsonNode without(JsonNode object, String name) {
    ((com.fasterxml.jackson.databind.node.ObjectNode) object).remove(name);
    return object;
  }

  private static String row(String value, String start, String end, String more) {
    return "{\"value\":%s,\"windowStart\":\"%s\",\"windowEnd\":\"%s\"%s}"
        .formatted(value, start, end, more);
  }

  private static String day(String value, String more) {
    return row(value, FROM, TO, more);
  }

  private static void requireUsage(String step, String... rows) {
    requireRows(step, rows);
    assertEquals(FROM, result(step).path("from").asText(), step);
    assertEquals(TO, result(step).path("to").asText(), step);
  }

  private static void requireRows(String step, String... rows) {
    assertEquals(
        Json.parseOwn("[" + String.join(",", rows) + "]"), result(step).path("data"), step);
  }

  @Test
  void usageIsTotalledWindowedGroupedAndFiltered() {
    requireUsage("total", day("117.5", ""));
    requireRows(
        "for ever", row("117.5", "2026-03-29T00:59:00.000Z", "2026-03-29T22:31:00.000Z", ""));
    requireUsage(
        "hours",
        row("10.5", FROM, "2026-03-29T01:00:00.000Z", ""),
        row("100", "2026-03-29T10:00:00.000Z", "2026-03-29T11:00:00.000Z", ""),
        row("7", "2026-03-29T22:00:00.000Z", "2026-03-29T23:00:00.000Z", ""));
    requireRows(
        "days",
        row("110.5", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z", ""),
        row("7", "2026-03-29T22:00:00.000Z", "2026-03-30T22:00:00.000Z", ""));
    requireRows("months", row("117.5", "2026-02-28T18:15:00.000Z", "2026-03-31T18:15:00.000Z", ""));
    String acme = ",\"subject\":\"acme\"";
    String globex = ",\"subject\":\"globex\"";
    requireUsage(
        "minutes", row("7", "2026-03-29T22:30:00.000Z", "2026-03-29T22:31:00.000Z", globex));
    requireUsage("one subject", day("110.5", acme));
    requireUsage("two subjects", day("110.5", acme), day("7", globex));
    String one = ",\"groupBy\":{\"model\":\"m1\"}";
    String two = ",\"groupBy\":{\"model\":\"m2\"}";
    requireUsage("groups", day("10.5", acme + one), day("100", acme + two), day("7", globex + one));
    requireUsage("filtered", day("17.5", one));
    requireUsage("nobody");
    requireUsage("posted", day("10.5", acme + one), day("100", acme + two), day("7", globex + one));
    requireUsage("posted with conditions", day("17.5", ""));
  }

  /** What a date of JavaScript gives has milliseconds; ranges end on whole seconds. */
  @Test
  void usageIsAskedUpToNow() {
    JsonNode upToNow = result("up to now");
    assertEquals("117.5", upToNow.at("/data/0/value").asText());
    assertTrue(upToNow.path("to").asText().endsWith(".000Z"), upToNow.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "prompts,3",
    "tokens_avg,39.166666666666664",
    "tokens_min,7",
    "tokens_max,100",
    "tokens_latest,7",
    "tokens_unique_count,2"
  })
  void everyAggregationAnswersWithANumber(String step, String value) {
    requireUsage(step, day(value, ""));
  }

  @Test
  void usageIsCsvWhenThatIsAskedFor() {
    assertEquals("""
        window_start,window_end,subject,model,value\r
        2026-03-29T00:00:00Z,2026-03-30T00:00:00Z,acme,m1,10.5\r
        2026-03-29T00:00:00Z,2026-03-30T00:00:00Z,acme,m2,100\r
        2026-03-29T00:00:00Z,2026-03-30T00:00:00Z,globex,m1,7\r
        """, result("csv").asText());
  }

  @Test
  void subjectsAndGroupValuesAreListed() {
    requireResult("group values", "[\"m1\",\"m2\"]");
    requireResult("subjects", "[\"acme\",\"globex\"]");
    requireResult("subjects of an hour", "[\"globex\"]");
  }

  /** The client shows detail, type, title and status of a problem, and keeps the rest. */
  private static void requireRefused(String step, int status, String code) {
    JsonNode error = result(step);
    assertEquals(status, error.path("status").asInt(), step);
    assertEquals(code, error.path("code").asText(), step);
    assertTrue(error.path("type").asText().startsWith("urn:weir:problem:"), error.toString());
    assertFalse(error.path("title").asText().isBlank(), error.toString());
    String message = error.path("message").asText();
    assertTrue(message.contains("[" + status + "]: "), message);
    Problem.checkMessage(message.substring(message.indexOf("]: ") + 3));
  }

  @ParameterizedTest
  @CsvSource({
    "no such meter,404,METER_NOT_FOUND",
    "slug taken,409,METER_KEY_TAKEN",
    "no such group,400,USAGE_GROUP_UNKNOWN",
    "no such zone,400,USAGE_ZONE_INVALID",
    "customers are not known to meters,400,QUERY_PARAMETER_INVALID",
    "other conditions,400,FIELD_UNKNOWN",
    "bad event,400,EVENT_VALUE_INVALID",
    "bad events,400,EVENT_BATCH_REJECTED",
    "bad token,401,API_KEY_INVALID"
  })
  void refusalsAreErrorsThatTheClientUnderstands(String step, int status, String code) {
    requireRefused(step, status, code);
  }
}
