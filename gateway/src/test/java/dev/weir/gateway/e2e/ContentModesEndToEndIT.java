package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event is the same event however it is written down: alone, in a list, in lines, in headers. */
final class ContentModesEndToEndIT {

  private static final String METERS = "/api/v1/meters";
  private static final String JSON = "application/json";
  private static final String ONE = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String LINES = "application/x-ndjson";

  @TempDir
  static Path directory;

  private static LocalWeir weir;
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
  void makeMeter() {
    admin = weir.newTenant().admin();
    admin.post(METERS, """
            {"slug":"tokens","eventType":"llm.call","aggregation":"SUM","valueProperty":"$.tokens"}""").require(201);
  }

  private Http as(String contentType) {
    return admin.with("Content-Type", contentType);
  }

  /** Headers of an event of 10:00 on 1 March, without extension attributes. */
  private Http binary(String id) {
    return as(JSON)
        .with("ce-specversion", "1.0")
        .with("ce-id", id)
        .with("ce-source", "/modes")
        .with("ce-type", "llm.call")
        .with("ce-subject", "acme%20%C3%BC")
        .with("ce-time", "2026-03-01T10:00:00Z");
  }

  private static String structured(String id, String more, String data) {
    return """
        {"id":"%s","source":"/modes","type":"llm.call","subject":"acme ü","specversion":"1.0",\
        "time":"2026-03-01T10:00:00Z"%s,"data":%s}""".formatted(id, more, data);
  }

  private static String event(String id, int tokens) {
    return structured(id, "", "{\"tokens\":" + tokens + "}");
  }

  private static void requireCounts(Answer answer, int accepted, int duplicates, int conflicts) {
    JsonNode body = Wire.plain(answer, 200);
    assertEquals(accepted, body.path("accepted").asInt(), answer.text());
    assertEquals(duplicates, body.path("duplicates").asInt(), answer.text());
    assertEquals(conflicts, body.path("conflicts").asInt(), answer.text());
    assertEquals(0, body.path("rejected").asInt(), answer.text());
  }

  private String sum(String position) {
    String path = METERS + "/tokens/query?subject=acme%20%C3%BC&after=" + position;
    return admin.get(path).require(200).json().at("/data/0/value").asText();
  }

  @Test
  void everyModeArrivesInOneQuery() {
    requireCounts(as(ONE).events(event("one", 1)), 1, 0, 0);
    requireCounts(as(JSON).events(event("json", 10)), 1, 0, 0);
    requireCounts(as(BATCH).events("[" + event("b1", 100) + "," + event("b2", 100) + "]"), 2, 0, 0);
    requireCounts(as(JSON).events("[" + event("j1", 1_000) + "]"), 1, 0, 0);
    requireCounts(as(LINES).events(event("l1", 10_000) + "\n" + event("l2", 10_000)), 2, 0, 0);
    byte[] packed =
        Bodies.gzip("{\"tokens\":100000}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    requireCounts(binary("gz").with("Content-Encoding", "gzip").events(packed), 1, 0, 0);

    Answer last = binary("bin").events("{\"tokens\":1000000}");

    requireCounts(last, 1, 0, 0);
    assertEquals("1121211", sum(last.json().path("position").asText()));
  }

  @Test
  void binaryThenStructuredIsADuplicateAndTheOtherWayRound() {
    Http headers = binary("1")
        .with("ce-traceparent", "00-ab-cd-01")
        .with("ce-attempt", "2")
        .with("ce-note", "%22a%22%20b");
    requireCounts(headers.events("{\"tokens\":5,\"m\":[1]}"), 1, 0, 0);
    requireCounts(headers.events("{ \"m\":[1], \"tokens\":5 }"), 0, 1, 0);
    for (String extensions : List.of(
        ",\"traceparent\":\"00-ab-cd-01\",\"attempt\":\"2\",\"note\":\"\\\"a\\\" b\"",
        ",\"note\":\"\\u0022a\\u0022 b\",\"attempt\":2,\"traceparent\":\"00-ab-cd-01\"")) {
      String same = structured("1", extensions, "{\"tokens\":5,\"m\":[1]}");
      requireCounts(as(ONE).events(same), 0, 1, 0);
      requireCounts(as(BATCH).events("[" + same + "]"), 0, 1, 0);
      requireCounts(as(LINES).events(same), 0, 1, 0);
    }
    requireCounts(as(ONE).events(structured("1", "", "{\"tokens\":5,\"m\":[1]}")), 0, 0, 1);
    requireCounts(headers.with("ce-attempt", "3").events("{\"tokens\":5,\"m\":[1]}"), 0, 0, 1);
    requireCounts(headers.events("{\"tokens\":6,\"m\":[1]}"), 0, 0, 1);

    requireCounts(
        as(ONE).events(structured("2", ",\"a\":\"x\",\"b\":true", "{\"tokens\":7}")), 1, 0, 0);
    Answer last = binary("2").with("ce-b", "true").with("ce-a", "x").events("{\"tokens\":7}");

    requireCounts(last, 0, 1, 0);
    assertEquals("12", sum(last.json().path("position").asText()));
  }

  @Test
  void badHeadersAreNamedWithACode() {
    requireRejected(binary("1").with("ce-time", "noon"), "EVENT_TIME_INVALID", "ce-time");
    requireRejected(
        binary("1").with("ce-specversion", "0.3"),
        "EVENT_SPECVERSION_UNSUPPORTED",
        "ce-specversion");
    requireRejected(binary("1").with("ce-subject", ""), "EVENT_FIELD_MISSING", "ce-subject");
    requireRejected(binary("x".repeat(1_025)), "EVENT_FIELD_INVALID", "ce-id");
    requireRejected(binary("%00"), "EVENT_FIELD_INVALID", "ce-id");
    requireRejected(binary("1").with("ce-big", "x".repeat(8 * 1_024)), "EVENT_TOO_LARGE", "ce-big");
    requireRejected(as(JSON).with("ce-specversion", "1.0"), "EVENT_FIELD_MISSING", "ce-id");
    new Problem(400, "EVENT_FIELD_INVALID", "ce-subject")
        .check(binary("1").with("ce-subject", "100%").events("{}"));
    new Problem(400, "EVENT_FIELD_INVALID", "ce-data")
        .check(binary("1").with("ce-data", "{}").events("{}"));
    new Problem(400, "JSON_MALFORMED", "").check(binary("1").events("{},\"id\":\"2\""));
    new Problem(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type")
        .check(binary("1").with("Content-Type", "text/plain").events("{}"));
  }

  private static void requireRejected(Http http, String code, String header) {
    Answer answer = http.events("{\"tokens\":1}");
    new Problem(400, code, header).check(answer);
    JsonNode body = answer.json();
    assertEquals(1, body.path("rejected").asInt(), body.toString());
    JsonNode verdict = body.at("/verdicts/0");
    assertEquals(code, verdict.path("code").asText(), body.toString());
    assertEquals(header, verdict.path("field").asText(), body.toString());
    assertTrue(verdict.path("message").asText().contains(header), body.toString());
    Problem.checkMessage(verdict.path("message").asText());
  }

  @Test
  void metersJudgeAnEventInHeadersAsAnyOther() {
    JsonNode verdict =
        binary("1").events("{\"tokens\":\"many\"}").require(400).json().at("/verdicts/0");
    assertEquals("EVENT_VALUE_INVALID", verdict.path("code").asText());
    assertEquals("data.tokens", verdict.path("field").asText());
    verdict = binary("1").events("").require(400).json().at("/verdicts/0");
    assertEquals("EVENT_VALUE_MISSING", verdict.path("code").asText());
  }

  @Test
  void aTypeThatAnnouncesOneEventOrAnArrayIsHeldToThat() {
    new Problem(400, "EVENT_BATCH_FORM_MISMATCH", "Content-Type")
        .check(as(ONE).events("[" + event("1", 1) + "]"));
    new Problem(400, "EVENT_BATCH_FORM_MISMATCH", "Content-Type")
        .check(as(BATCH).events(event("1", 1)));
    new Problem(415, "CONTENT_TYPE_UNSUPPORTED", "Content-Type")
        .check(as(JSON + "; charset=iso-8859-1").events(event("1", 1)));
  }

  @Test
  void whenNothingIsTakenTheVerdictsComeWithAProblem() {
    Answer answer = as(JSON).events("[{},5]");
    new Problem(400, "EVENT_BATCH_REJECTED", "").check(answer);
    JsonNode body = answer.json();
    assertEquals(0, body.path("accepted").asInt(), answer.text());
    assertEquals(2, body.path("rejected").asInt(), answer.text());
    assertEquals("EVENT_FIELD_MISSING", body.at("/verdicts/0/code").asText(), answer.text());
    assertEquals("EVENT_NOT_AN_OBJECT", body.at("/verdicts/1/code").asText(), answer.text());
    assertTrue(body.path("detail").asText().contains("All 2 events"), answer.text());
    assertTrue(
        body.path("detail").asText().contains(body.at("/verdicts/0/message").asText()),
        answer.text());
  }

  @Test
  void aMinimalAnswerKeepsPositionAndCountsInHeaders() {
    Http minimal = as(JSON).with("Prefer", "respond-async, return=\"minimal\"");
    String body = "[" + event("1", 3) + "," + event("1", 4) + ",{}," + event("1", 3) + "]";

    Answer answer = minimal.events(body).require(204);

    assertEquals("", answer.text());
    assertEquals("return=minimal", answer.header("Preference-Applied"));
    assertEquals("accepted=1, duplicate=1, conflict=1, rejected=1", answer.header("Weir-Verdicts"));
    assertEquals("3", sum(answer.header("Weir-Position")));
    Set<String> names = Wire.names(as(JSON)
        .with("Prefer", "return=representation")
        .events(event("2", 1))
        .require(200)
        .json());
    assertTrue(names.contains("verdicts"), names.toString());
    assertEquals(400, minimal.events("{}").status());
  }
}
