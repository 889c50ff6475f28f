package dev.weir.gateway.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wire shapes of sign-in and metering that clients rely on, name by name. */
final class WireContractEndToEndIT {

  private static final String METERS = "/api/v1/meters";
  private static final String DAY = "from=2026-03-29T00:00:00Z&to=2026-03-30T00:00:00Z";

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
  void loginGivesTheUserAndTokens() {
    JsonNode data = Wire.data(login(), 200);
    assertEquals(
        Set.of("user", "accessToken", "refreshToken", "sessionId", "expiresIn"), Wire.names(data));
    JsonNode user = data.path("user");
    assertEquals(
        Set.of("id", "email", "tenantId", "role", "firstName", "lastName"), Wire.names(user));
    assertEquals(tenant.email(), user.path("email").asText());
    assertEquals(tenant.id().toString(), user.path("tenantId").asText());
    assertEquals("ADMIN", user.path("role").asText());
    assertEquals(86_400, data.path("expiresIn").asInt());
    Http signedIn = weir.anyone().bearing(data.path("accessToken").asText());
    assertEquals(user, Wire.data(signedIn.get("/api/auth/me"), 200));
    signedIn.with("X-Tenant-ID", tenant.id().toString()).get(METERS).require(200);
  }

  private Answer login() {
    return weir.anyone()
        .post("/api/auth/login", Map.of("email", tenant.email(), "password", tenant.password()));
  }

  @Test
  void refreshRotatesAndNoticesReuse() {
    JsonNode first = Wire.data(login(), 200);
    Object body = Map.of("refreshToken", first.path("refreshToken").asText());

    JsonNode second = Wire.data(weir.anyone().post("/api/auth/refresh", body), 200);

    assertEquals(Wire.names(first), Wire.names(second));
    assertNotEquals(first.path("refreshToken"), second.path("refreshToken"));
    assertEquals(first.path("sessionId"), second.path("sessionId"));
    Http refreshed = weir.anyone().bearing(second.path("accessToken").asText());
    refreshed.get("/api/auth/me").require(200);
    new Problem(401, "REFRESH_TOKEN_REUSED", "refreshToken")
        .check(weir.anyone().post("/api/auth/refresh", body));
    new Problem(401, "SESSION_ENDED", "").check(refreshed.get("/api/auth/me"));
  }

  @Test
  void anApiKeyIsShownOnceAndWorksUntilItIsDeleted() {
    JsonNode key = Wire.data(admin.post("/api/auth/api-keys", """
            {"name":"reader","scopes":["read"]}"""), 201);
    Wire.requireNames(key, "id", "name", "scopes", "key");
    assertEquals("reader", key.path("name").asText());
    assertEquals("read", key.path("scopes").path(0).asText());
    assertTrue(key.path("key").asText().startsWith("wk_"), key.toString());
    Http reader = weir.anyone().bearing(key.path("key").asText());
    reader.get(METERS).require(200);
    JsonNode listed = Wire.page(admin.get("/api/auth/api-keys")).get(0);
    assertEquals(key.path("id"), listed.path("id"));
    assertFalse(listed.has("key"), listed.toString());

    admin.delete("/api/auth/api-keys/" + key.path("id").asText()).require(204);

    new Problem(401, "API_KEY_INVALID", "").check(reader.get(METERS));
  }

  @Test
  void metersAreCreatedListedReadDescribedAndDeleted() {
    JsonNode made = Wire.plain(admin.post(METERS, """
        {"slug":"tokens","description":"All tokens","eventType":"llm.call","aggregation":"SUM",
         "valueProperty":"$.tokens","groupBy":{"model":"$.model"},"windowSize":"MINUTE"}"""), 201);
    Wire.requireNames(
        made,
        "id",
        "slug",
        "description",
        "eventType",
        "aggregation",
        "valueProperty",
        "groupBy",
        "windowSize",
        "createdAt",
        "updatedAt");
    assertEquals("tokens", made.path("slug").asText());
    assertEquals("$.model", made.at("/groupBy/model").asText());
    String id = made.path("id").asText();
    assertEquals(made, Wire.plain(admin.get(METERS + "/tokens"), 200));
    assertEquals(made, Wire.plain(admin.get(METERS + "/" + id), 200));
    JsonNode list = Wire.plain(admin.get(METERS), 200);
    assertTrue(list.isArray() && list.size() == 1, list.toString());
    assertEquals(made, list.path(0));

    assertEquals("tokens", made.path("name").asText());
    JsonNode described = Wire.plain(
        admin.put(METERS + "/tokens", Map.of("description", "Tokens", "name", "All tokens")), 200);
    assertEquals("Tokens", described.path("description").asText());
    assertEquals("All tokens", described.path("name").asText());
    assertEquals(id, described.path("id").asText());
    JsonNode noted =
        Wire.plain(admin.put(METERS + "/tokens", Map.of("metadata", Map.of("team", "b"))), 200);
    assertEquals("b", noted.at("/metadata/team").asText());
    assertEquals("tokens", noted.path("name").asText());
    assertFalse(noted.has("description"), noted.toString());

    assertEquals("", admin.delete(METERS + "/" + id).require(204).text());
    new Problem(404, "METER_NOT_FOUND", "").check(admin.get(METERS + "/tokens"));
  }

  @Test
  void aMeterWithOptionsShowsThemAndAnswersByThem() {
    String json = """
        {"slug":"p","eventType":"llm.call","aggregation":"percentile","valueProperty":"$.tokens",
         "percentile":66.7,"rounding":{"mode":"ceil","scale":-1},"nonNegative":true,
         "exclude":[{"$.model":["m2"],"$.region":["eu","us"]}]}""";
    JsonNode made = Wire.plain(admin.post(METERS, json), 201);
    assertEquals("PERCENTILE", made.path("aggregation").asText());
    assertEquals("66.7", made.path("percentile").asText());
    assertEquals("{\"mode\":\"ceil\",\"scale\":-1}", text(made.path("rounding")));
    assertEquals("[\"m2\"]", text(made.at("/exclude/0/$.model")));
    assertEquals(2, made.at("/exclude/0/$.region").size());
    assertTrue(made.path("nonNegative").asBoolean());
    assertEquals(made, Wire.plain(admin.get(METERS + "/p"), 200));
    assertEquals(
        made.path("id"), Wire.plain(admin.put(METERS + "/p", Map.of()), 200).path("id"));
    JsonNode level = Wire.plain(admin.post(METERS, """
        {"slug":"level","eventType":"llm.call","aggregation":"WEIGHTED_SUM",
         "valueProperty":"$.tokens","weighting":"day","weightingTimeZone":"Europe/Berlin"}"""), 201);
    assertEquals("DAY", level.path("weighting").asText());
    assertEquals("Europe/Berlin", level.path("weightingTimeZone").asText());

    String position = Wire.plain(
            admin.events("[%s,%s,%s]"
                .formatted(
                    event("o1", 12, "m1", "2026-03-29T10:00:00Z"),
                    event("o2", 31, "m1", "2026-03-29T10:00:00Z"),
                    event("o3", 58, "m1", "2026-03-29T11:00:00Z"))),
            200)
        .path("position")
        .asText();
    JsonNode percentile = Wire.plain(admin.get(METERS + "/p/query?after=" + position), 200);
    // Of three values two are 66.66… %, so it takes the third.
    assertEquals("60", percentile.at("/data/0/value").asText());
    // On the day that clocks went forward, all day long: 23 hours of 101.
    JsonNode day = Wire.plain(
        admin.get(METERS + "/level/query?windowSize=DAY&windowTimeZone=Europe/Berlin"
            + "&from=2026-03-28T23:00:00Z&to=2026-03-30T22:00:00Z"),
        200);
    assertEquals("101", day.at("/data/0/value").asText());
    assertEquals("2026-03-29T22:00:00Z", day.at("/data/0/windowEnd").asText());
    assertEquals("101", day.at("/data/1/value").asText());
    assertEquals(2, day.path("data").size());
    JsonNode subjects = Wire.plain(admin.get(METERS + "/p/subjects"), 200);
    assertEquals(1, subjects.size(), subjects.toString());
    assertEquals(
        "[]",
        text(Wire.plain(
            admin.get(METERS + "/p/subjects?after=" + subjects.path(0).asText()), 200)));
  }

  @Test
  void anAnswerToEventsHasCountsAndAVerdictForWhatWasNotAccepted() {
    createMeter();
    admin.events("[" + event("1", 5, "m1", "2026-03-29T10:00:00Z") + "]").require(200);
    String body = "[%s,%s,%s,%s]"
        .formatted(
            event("2", 1, "m1", "2026-03-29T10:00:00Z"),
            event("1", 5, "m1", "2026-03-29T10:00:00Z"),
            event("1", 6, "m1", "2026-03-29T10:00:00Z"),
            event("3", 1, "m1", "now"));

    JsonNode answer = Wire.plain(admin.events(body), 200);

    assertEquals(
        Set.of("position", "accepted", "duplicates", "conflicts", "rejected", "verdicts"),
        Wire.names(answer));
    assertTrue(answer.path("position").asText().matches("[0-9]+:[0-9]+(,[0-9]+:[0-9]+)*"));
    assertEquals(1, answer.path("accepted").asInt());
    assertEquals(1, answer.path("duplicates").asInt());
    assertEquals(1, answer.path("conflicts").asInt());
    assertEquals(1, answer.path("rejected").asInt());
    JsonNode verdicts = answer.path("verdicts");
    assertEquals(3, verdicts.size(), answer.toString());
    assertEquals("{\"index\":1,\"id\":\"1\",\"verdict\":\"duplicate\"}", text(verdicts.path(0)));
    assertEquals("{\"index\":2,\"id\":\"1\",\"verdict\":\"conflict\"}", text(verdicts.path(1)));
    assertEquals(
        Set.of("index", "id", "verdict", "code", "message", "field"), Wire.names(verdicts.path(2)));
    assertEquals("EVENT_TIME_INVALID", verdicts.path(2).path("code").asText());
    assertEquals("time", verdicts.path(2).path("field").asText());

    JsonNode all = Wire.plain(admin.post("/api/v1/events?verdicts=all", body), 200);
    assertEquals(4, all.path("verdicts").size(), all.toString());
    assertEquals("duplicate", all.at("/verdicts/0/verdict").asText());
  }

  private static String text(JsonNode json) {
    return json.toString();
  }

  @Test
  void eventsComeAloneAsAListAsLinesAndCompressed() {
    createMeter();
    String time = "2026-03-29T10:00:00Z";
    String list = "[%s,%s]".formatted(event("l1", 1, "m1", time), event("l2", 1, "m1", time));
    String lines = event("n1", 1, "m1", time) + "\n" + event("n2", 1, "m1", time) + "\n";
    byte[] gzip = Bodies.gzip(lines.replace("\"id\":\"n", "\"id\":\"g").getBytes(UTF_8));
    requireAccepted(1, as("application/cloudevents+json").events(event("a", 1, "m1", time)));
    requireAccepted(1, as("application/json").events(event("b", 1, "m1", time)));
    requireAccepted(1, as("application/json; charset=utf-8").events(event("c", 1, "m1", time)));
    requireAccepted(2, as("application/cloudevents-batch+json").events(list));
    requireAccepted(2, as("application/json").events(list.replace("\"id\":\"l", "\"id\":\"j")));
    requireAccepted(2, as("application/x-ndjson").events(lines));
    requireAccepted(
        2, as("application/x-ndjson").with("Content-Encoding", "gzip").events(gzip));

    Answer minimal = admin.with("Prefer", "return=minimal").events(event("d", 1, "m1", time));

    assertEquals("", minimal.require(204).text());
    JsonNode last = requireAccepted(1, as("application/json").events(event("e", 1, "m1", time)));
    JsonNode usage = query("after=" + last.path("position").asText());
    assertEquals("13", usage.at("/data/0/value").asText(), usage.toString());
  }

  private Http as(String contentType) {
    return admin.with("Content-Type", contentType);
  }

  private static JsonNode requireAccepted(int count, Answer answer) {
    JsonNode body = Wire.plain(answer, 200);
    assertEquals(count, body.path("accepted").asInt(), answer.text());
    assertEquals(0, body.path("verdicts").size(), answer.text());
    return body;
  }

  @Test
  void usageIsOneRowAGroupAndNamesGroupsOnlyWhenAsked() {
    String position = sendThree();

    JsonNode total = query(DAY + "&after=" + position);
    assertEquals(Set.of("from", "to", "data"), Wire.names(total));
    assertEquals("2026-03-29T00:00:00Z", total.path("from").asText());
    assertEquals("2026-03-30T00:00:00Z", total.path("to").asText());
    assertEquals(1, total.path("data").size(), total.toString());
    assertEquals(Set.of("value", "windowStart", "windowEnd"), Wire.names(total.at("/data/0")));

    JsonNode groups = query(DAY + "&groupBy=model&groupBy=subject");
    assertEquals(2, groups.path("data").size(), groups.toString());
    JsonNode row = groups.at("/data/0");
    assertEquals(
        Set.of("value", "windowStart", "windowEnd", "subject", "groupBy"), Wire.names(row));
    assertEquals("acme", row.path("subject").asText());
    assertEquals("m1", row.at("/groupBy/model").asText());

    assertEquals("100", value(DAY + "&filterGroupBy%5Bmodel%5D=m2"));
    assertEquals(
        "acme", query(DAY + "&subject=acme&subject=x").at("/data/0/subject").asText());
    assertEquals(0, query(DAY + "&subject=nobody").path("data").size());
    assertEquals(
        0,
        query("from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z").path("data").size());
    JsonNode byBody = Wire.plain(admin.post(METERS + "/tokens/query", """
            {"from":"2026-03-29T00:00:00Z","to":"2026-03-30T00:00:00Z","subject":["acme"],
             "filterGroupBy":{"model":["m1"]},"groupBy":["model"],"windowSize":"DAY"}"""), 200);
    assertEquals(1, byBody.path("data").size(), byBody.toString());
  }

  @Test
  void aRangeMayBeginAndEndOnAnySecond() {
    String position = sendThree();
    String range = "from=2026-03-29T00:59:59.9Z&to=2026-03-29T10:00:01.5Z";
    JsonNode both = query(range + "&after=" + position);
    assertEquals("110.5", both.at("/data/0/value").asText());
    assertEquals("2026-03-29T00:59:59Z", both.path("from").asText());
    assertEquals("2026-03-29T10:00:01Z", both.path("to").asText());
    assertEquals("2026-03-29T00:59:59Z", both.at("/data/0/windowStart").asText());
    assertEquals("10.5", value("from=2026-03-29T00:59:59Z&to=2026-03-29T10:00:00Z"));
    assertEquals("107", value("from=2026-03-29T01:00:00Z&to=2026-03-29T22:00:01Z"));
    assertEquals(
        0,
        query("from=2026-03-29T10:00:01Z&to=2026-03-29T21:59:59Z").path("data").size());
    JsonNode hours = query(range + "&windowSize=HOUR");
    assertEquals("2026-03-29T00:00:00Z", hours.at("/data/0/windowStart").asText());
    assertEquals("100", hours.at("/data/1/value").asText());
    assertEquals(
        "100",
        value("from=2026-03-29T00:00:01Z&to=2026-03-29T10:00:01Z&asOf=" + position
            + "&filterGroupBy%5Bmodel%5D=m2"));
    assertEquals(
        "[\"m2\"]",
        text(Wire.plain(
            admin.get(METERS + "/tokens/group-by/model/values?from=2026-03-29T09:59:59Z"
                + "&to=2026-03-29T21:59:59Z"),
            200)));
    assertEquals(
        "[\"acme\"]", text(Wire.plain(admin.get(METERS + "/tokens/subjects?" + range), 200)));
  }

  @Test
  void runningTotalsNameTheEventThatCrossesAThreshold() {
    String running = METERS + "/tokens/running-total?subject=acme&" + DAY + "&after=" + sendThree();
    JsonNode crossed = Wire.plain(admin.get(running + "&until=10.5"), 200);
    assertEquals(Set.of("from", "to", "until", "reached", "position", "data"), Wire.names(crossed));
    assertTrue(crossed.path("reached").asBoolean());
    assertEquals(2, crossed.path("data").size(), crossed.toString());
    JsonNode second = crossed.at("/data/1");
    assertEquals(
        Set.of("id", "source", "subject", "time", "position", "value", "total"),
        Wire.names(second));
    assertEquals("2", second.path("id").asText());
    assertEquals("wire", second.path("source").asText());
    assertEquals("2026-03-29T10:00:00Z", second.path("time").asText());
    assertEquals("100", second.path("value").asText());
    assertEquals("110.5", second.path("total").asText());

    JsonNode first = Wire.plain(admin.get(running + "&limit=1&until=1000&decimals=string"), 200);
    assertEquals("\"10.5\"", text(first.at("/data/0/total")));
    JsonNode rest = Wire.plain(
        admin.get(running + "&limit=2&until=1000&cursor=" + first.path("next").asText()), 200);
    assertEquals(List.of("110.5", "117.5"), rest.path("data").findValuesAsText("total"));
    assertFalse(rest.path("reached").asBoolean());
    assertFalse(rest.has("next"), rest.toString());
    JsonNode filtered = Wire.plain(admin.get(running + "&filterGroupBy%5Bmodel%5D=m1"), 200);
    assertEquals(List.of("10.5", "17.5"), filtered.path("data").findValuesAsText("total"));
    assertFalse(filtered.has("reached"), filtered.toString());

    admin.post("/api/billing/customers", """
            {"key":"acme","name":"Acme","currency":"USD","subjects":["acme","other"]}""").require(201);
    String ofCustomer = METERS + "/tokens/running-total?customer=acme";
    assertEquals(3, Wire.plain(admin.get(ofCustomer), 200).path("data").size());
    assertEquals(
        0,
        Wire.plain(admin.get(ofCustomer + "&subject=other"), 200).path("data").size());
    admin.post(METERS, """
            {"slug":"most","eventType":"llm.call","aggregation":"MAX","valueProperty":"$.tokens"}""").require(201);
    new Problem(422, "USAGE_RUNNING_TOTAL_UNSUPPORTED", "")
        .check(admin.get(METERS + "/most/running-total?subject=acme"));
  }

  private String seat(String id, String time, String seat, String operation) {
    return """
        {"specversion":"1.0","id":"%s","source":"wire","type":"seat","subject":"acme","time":"%s",
         "data":{"seat":"%s","op":%s}}""".formatted(id, time, seat, operation).replace("\n", "");
  }

  @Test
  void seatsCountForTheDaysOnWhichTheyWereTaken() {
    JsonNode made = Wire.plain(admin.post(METERS, """
        {"slug":"seats","eventType":"seat","aggregation":"WEIGHTED_UNIQUE_COUNT","valueProperty":"$.seat",
         "operationProperty":"$.op","weighting":"DAY","weightingTimeZone":"America/Lima"}"""), 201);
    assertEquals("$.op", made.path("operationProperty").asText());
    assertEquals(made, Wire.plain(admin.get(METERS + "/seats"), 200));
    String events = String.join(
        "\n",
        seat("a1", "2026-04-01T05:00:00Z", "a", "null"),
        // Twice changes nothing; in Lima it is the third still when it goes.
        seat("a2", "2026-04-02T12:00:00Z", "a", "\"add\""),
        seat("a3", "2026-04-04T04:59:59Z", "a", "\"remove\""),
        seat("a4", "2026-04-03T20:00:00Z", "a", "\"remove\""),
        seat("a5", "2026-04-03T21:00:00Z", "a", "\"add\""),
        seat("b1", "2026-04-10T17:00:00Z", "b", "\"add\""),
        seat("b2", "2026-04-20T17:00:00Z", "c", "\"remove\""));
    String position = Wire.plain(as("application/x-ndjson").events(events), 200)
        .path("position")
        .asText();
    String april = METERS + "/seats/query?from=2026-04-01T05:00:00Z&to=2026-05-01T05:00:00Z";
    // Three days of a, twenty-one of b, of thirty.
    assertEquals(
        "0.8",
        Wire.plain(admin.get(april + "&after=" + position), 200)
            .at("/data/0/value")
            .asText());
    JsonNode days =
        Wire.plain(admin.get(april + "&windowSize=DAY&windowTimeZone=America/Lima"), 200);
    assertEquals(24, days.path("data").size(), days.toString());
    assertEquals("2026-04-10T05:00:00Z", days.at("/data/3/windowStart").asText());
    String may = METERS + "/seats/query?from=2026-05-01T05:00:00Z&to=2026-06-01T05:00:00Z";
    assertEquals("1", Wire.plain(admin.get(may), 200).at("/data/0/value").asText());

    JsonNode verdict = admin
        .events(seat("x", "2026-04-01T05:00:00Z", "a", "\"drop\""))
        .require(400)
        .json();
    assertEquals("data.op", verdict.at("/verdicts/0/field").asText(), verdict.toString());
    assertEquals("EVENT_VALUE_INVALID", verdict.at("/verdicts/0/code").asText());
    String voided = Wire.plain(
            admin.post("/api/v1/events/b1/void", "{\"reason\":\"never taken\"}"), 200)
        .path("position")
        .asText();
    assertEquals(
        "0.1",
        Wire.plain(admin.get(april + "&after=" + voided), 200)
            .at("/data/0/value")
            .asText());
    assertEquals(0, Wire.plain(admin.get(may), 200).path("data").size());
  }

  @Test
  void theValuesOfADimensionAreListed() {
    query("after=" + sendThree());
    String values = METERS + "/tokens/group-by/model/values?";

    assertEquals("[\"m1\",\"m2\"]", text(Wire.plain(admin.get(values + DAY), 200)));
    String evening = "from=2026-03-29T22:00:00Z&to=2026-03-30T00:00:00Z";
    assertEquals("[\"m1\"]", text(Wire.plain(admin.get(values + evening), 200)));
    String before = "from=2026-03-28T00:00:00Z&to=2026-03-29T00:00:00Z";
    assertEquals("[]", text(Wire.plain(admin.get(values + before), 200)));
    assertEquals(
        "[\"acme\"]", text(Wire.plain(admin.get(METERS + "/tokens/subjects?" + DAY), 200)));
  }

  /** Berlin's clocks go from 02:00 to 03:00 on 29 March 2026: that day has 23 hours. */
  @Test
  void windowsFollowTheClocksOfTheirZone() {
    String position = sendThree();

    JsonNode hours = query(DAY + "&windowSize=HOUR&after=" + position);
    assertEquals("HOUR", hours.path("windowSize").asText());
    assertEquals(
        List.of("2026-03-29T00:00:00Z", "2026-03-29T10:00:00Z", "2026-03-29T22:00:00Z"),
        hours.path("data").findValuesAsText("windowStart"));
    JsonNode days = query("windowSize=DAY&windowTimeZone=Europe/Berlin");
    assertEquals(
        List.of("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        days.path("data").findValuesAsText("windowStart"));
    assertEquals("2026-03-29T22:00:00Z", days.at("/data/0/windowEnd").asText());
    JsonNode minutes = query(DAY + "&windowSize=MINUTE");
    assertEquals("2026-03-29T10:01:00Z", minutes.at("/data/1/windowEnd").asText());
    JsonNode months = query("windowSize=MONTH&windowTimeZone=Europe/Berlin");
    assertEquals("2026-02-28T23:00:00Z", months.at("/data/0/windowStart").asText());
    assertEquals("2026-03-31T22:00:00Z", months.at("/data/0/windowEnd").asText());
  }

  @Test
  void valuesArePrintedExactlyAndNeverWithAnExponent() {
    createMeter();
    String digits = "12345678901234567890.123456789012345678";
    String small = "0.000000000000000001";
    String time = "2026-03-29T10:00:00Z";
    admin.events(event("x", digits, "m1", time)).require(200);
    JsonNode last = admin.events(event("y", small, "m2", time)).require(200).json();
    String path =
        METERS + "/tokens/query?groupBy=model&after=" + last.path("position").asText();

    String numbers = admin.get(path).require(200).text();

    assertTrue(numbers.contains("{\"value\":" + digits + ","), numbers);
    assertTrue(numbers.contains("{\"value\":" + small + ","), numbers);
    String strings = admin.get(path + "&decimals=string").require(200).text();
    assertTrue(strings.contains("{\"value\":\"" + digits + "\","), strings);
    JsonNode large = admin.events(event("z", "9e30", "m3", time)).require(200).json();
    String more = admin
        .get(METERS + "/tokens/query?filterGroupBy%5Bmodel%5D=m3&after="
            + large.path("position").asText())
        .require(200)
        .text();
    assertTrue(more.contains("\"value\":9" + "0".repeat(30) + ","), more);
  }

  @Test
  void usageIsCsvForWhoAcceptsThat() {
    String position = sendThree();

    Answer csv = admin
        .with("Accept", "text/csv")
        .get(METERS + "/tokens/query?windowSize=HOUR&groupBy=model&groupBy=subject&" + DAY
            + "&after=" + position);

    assertTrue(csv.require(200).header("Content-Type").startsWith("text/csv"));
    assertEquals("""
        window_start,window_end,subject,model,value\r
        2026-03-29T00:00:00Z,2026-03-29T01:00:00Z,acme,m1,10.5\r
        2026-03-29T10:00:00Z,2026-03-29T11:00:00Z,acme,m2,100\r
        2026-03-29T22:00:00Z,2026-03-29T23:00:00Z,acme,m1,7\r
        """, csv.text());
  }

  /** The last of them is on the next day in Berlin. */
  private String sendThree() {
    createMeter();
    String body = "[%s,%s,%s]"
        .formatted(
            event("1", "10.5", "m1", "2026-03-29T00:59:59.999999Z"),
            event("2", 100, "m2", "2026-03-29T12:00:00+02:00"),
            event("3", 7, "m1", "2026-03-29T22:00:00Z"));
    return admin.events(body).require(200).json().path("position").asText();
  }

  private void createMeter() {
    admin.post(METERS, """
            {"slug":"tokens","eventType":"llm.call","aggregation":"SUM","valueProperty":"$.tokens",
             "groupBy":{"model":"$.model"}}""").require(201);
  }

  private static String event(String id, Object tokens, String model, String time) {
    return """
        {"specversion":"1.0","id":"%s","source":"wire","type":"llm.call","subject":"acme",\
        "time":"%s","data":{"tokens":%s,"model":"%s"}}""".formatted(id, time, tokens, model);
  }

  private JsonNode query(String parameters) {
    return Wire.plain(admin.get(METERS + "/tokens/query?" + parameters), 200);
  }

  private String value(String parameters) {
    return query(parameters).at("/data/0/value").asText();
  }
}
