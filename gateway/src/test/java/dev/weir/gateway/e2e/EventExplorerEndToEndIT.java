package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that were sent are found again over HTTP: listed, looked up, filtered, and as they arrive. */
final class EventExplorerEndToEndIT {

  private static final String EVENTS = "/api/v1/events";

  @TempDir
  static Path directory;

  private static LocalWeir weir;
  private LocalWeir.Tenant tenant;
  private Http admin;

  @BeforeAll
  static void start() {
    weir = LocalWeir.start(directory.resolve("weir"));
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @BeforeEach
  void newTenant() {
    tenant = weir.newTenant();
    admin = tenant.admin();
  }

  private static String event(String id, String subject, String time, String more) {
    return """
        {"specversion":"1.0","id":"%s","source":"/s","type":"llm.call","subject":"%s","time":"%s"%s}""".formatted(id, subject, time, more);
  }

  private static void send(Http sender, String... events) {
    JsonNode answer =
        sender.events("[" + String.join(",", events) + "]").require(200).json();
    assertEquals(events.length, answer.path("accepted").asInt(), answer.toString());
  }

  private static List<JsonNode> list(Http reader, String query) {
    return items(Wire.plain(reader.get(EVENTS + query), 200));
  }

  private static List<JsonNode> items(JsonNode array) {
    assertTrue(array.isArray(), array.toString());
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static List<String> ids(List<JsonNode> items) {
    return items.stream().map(item -> item.at("/event/id").asText()).toList();
  }

  private List<String> ids(String query) {
    return ids(list(admin, query));
  }

  @Test
  void listsEventsAsTheyWereSentNewestFirst() {
    Instant before = Instant.now();
    send(
        admin,
        event("old", "acme", "2026-03-01T10:00:00Z", ",\"data\":{\"n\": 1.10,  \"s\":\"ü\\n\"}"),
        event("new", "acme ü", "2026-03-01T10:00:00.000000001Z", ",\"region\":\"eu\",\"w\":[1,2]"));
    List<JsonNode> found = list(admin, "");
    assertEquals(List.of("new", "old"), ids(found));
    JsonNode first = found.get(0);
    assertEquals(
        Set.of("event", "ingestedAt", "storedAt", "position", "verdict"), Wire.names(first));
    assertEquals(
        "{\"specversion\":\"1.0\",\"id\":\"new\",\"source\":\"/s\",\"type\":\"llm.call\","
            + "\"subject\":\"acme ü\",\"time\":\"2026-03-01T10:00:00.000000001Z\",\"region\":\"eu\","
            + "\"w\":[1,2]}",
        first.path("event").toString());
    assertEquals("accepted", first.path("verdict").asText());
    assertEquals(first.path("ingestedAt"), first.path("storedAt"));
    Instant ingested = Instant.parse(first.path("ingestedAt").asText());
    assertFalse(ingested.isBefore(before.minusMillis(1)) || ingested.isAfter(Instant.now()));
    assertTrue(first.path("position").asText().matches("0:[0-9]+"), first.toString());
    // Byte for byte, with its spaces and zeros.
    assertTrue(admin.get(EVENTS).text().contains("\"data\":{\"n\": 1.10,  \"s\":\"ü\\n\"}"));
  }

  @Test
  void pagesThroughEqualTimesWithoutLossOrRepetition() {
    int count = 230;
    for (int from = 0; from < count; from += 46) {
      send(
          admin,
          IntStream.range(from, from + 46)
              .mapToObj(i -> event("e" + i, "s" + i % 3, "2026-03-01T10:00:00Z", ""))
              .toArray(String[]::new));
    }
    for (String query :
        List.of("?limit=50", "?limit=1000", "?limit=7&subject=s0&subject=s1&subject=s2")) {
      List<String> paged = new ArrayList<>();
      String path = EVENTS + query;
      while (!path.isEmpty()) {
        Answer page = admin.get(path).require(200);
        paged.addAll(ids(items(page.json())));
        String link = page.header("Link");
        assertTrue(
            link.isEmpty() || link.matches("</api/v1/events\\?.*cursor=[0-9.]+>; rel=\"next\""));
        path = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
      }
      assertEquals(count, paged.size(), query);
      assertEquals(
          IntStream.range(0, count).mapToObj(i -> "e" + i).collect(Collectors.toSet()),
          new HashSet<>(paged));
    }
    assertEquals(100, list(admin, "").size(), "the usual page");
  }

  @Test
  void filtersByEverythingThatIsOffered() {
    admin.post("/api/v1/meters", """
        {"slug":"big","eventType":"llm.call","aggregation":"COUNT","filter":{"$.model":["m1","m2"]}}""").require(201);
    admin.post("/api/billing/customers", """
        {"key":"acme","name":"Acme","currency":"USD","subjects":["a","b"]}""").require(201);
    send(
        admin,
        event("1", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"model\":\"m1\"}"),
        event("2", "b", "2026-03-02T00:00:00Z", ",\"data\":{\"model\":\"m3\"}"),
        event("3", "c", "2026-03-03T00:00:00Z", ",\"data\":{\"model\":\"m2\"}"),
        event("4", "a", "2026-03-04T00:00:00Z", "").replace("llm.call", "other"),
        event("5", "a", "2026-03-05T00:00:00Z", "").replace("\"/s\"", "\"/t\""));
    assertEquals(List.of("5", "4", "3", "2", "1"), ids(""));
    assertEquals(List.of("5", "4", "1"), ids("?subject=a"));
    assertEquals(List.of("5", "4", "3", "1"), ids("?subject=a&subject=c"));
    assertEquals(List.of("4"), ids("?type=other"));
    assertEquals(List.of("5"), ids("?source=/t"));
    assertEquals(List.of("3"), ids("?id=3"));
    assertEquals(List.of(), ids("?id=3&source=/t"));
    assertEquals(List.of("3", "1"), ids("?meter=big"));
    assertEquals(List.of(), ids("?meter=big&type=other"));
    assertEquals(List.of("5", "4", "2", "1"), ids("?customer=acme"));
    assertEquals(List.of("2"), ids("?customerId=acme&subject=b&subject=c"));
    assertEquals(List.of(), ids("?customer=acme&subject=c"));
    assertEquals(List.of("3", "2"), ids("?from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z"));
    assertEquals(List.of("3"), ids("?from=2026-03-03T02:00:00%2B02:00&to=2026-03-04T00:00:00Z"));
    assertEquals(List.of(), ids("?from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z"));
    assertEquals(List.of(), ids("?ingestedAtTo=2026-03-06T00:00:00Z"));
    assertEquals(
        5,
        ids("?ingestedAtFrom=2026-03-06T00:00:00Z&ingestedAtTo=9999-01-01T00:00:00Z")
            .size());
    assertEquals(List.of("5", "4", "3", "2", "1"), ids("?verdict=accepted&clientId=x&id="));
    assertEquals(List.of("5", "4"), ids("?limit=2"));
  }

  @Test
  void showsConflictsAndCorrectionsWithEverythingThatWasSent() {
    send(admin, event("e", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"n\":1}"));
    Answer second = admin.events(event("e", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"n\":2}"));
    assertEquals(1, second.require(200).json().path("conflicts").asInt());
    Answer third = admin.events(event("e", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"n\":1}"));
    assertEquals(1, third.require(200).json().path("duplicates").asInt());
    assertEquals(2, list(admin, "?id=e").size(), "a duplicate is not journaled");
    assertEquals(
        List.of("2"),
        list(admin, "?verdict=conflict").stream()
            .map(i -> i.at("/event/data/n").asText())
            .toList());

    admin
        .post(EVENTS + "/e/replace", """
        {"reason":"wrong count","event":%s}""".formatted(
                event("e", "b", "2026-03-02T00:00:00Z", ",\"data\":{\"n\":3}")))
        .require(200);
    JsonNode history = Wire.plain(admin.get(EVENTS + "/e"), 200);
    assertEquals("e", history.path("id").asText());
    assertEquals(1, history.path("events").size(), history.toString());
    JsonNode event = history.path("events").get(0);
    assertEquals("/s", event.path("source").asText());
    assertEquals("replaced", event.path("verdict").asText());
    List<JsonNode> records = items(event.path("records"));
    assertEquals(
        List.of("event 1 replaced", "conflict 2 conflict", "void 1 ", "replacement 3 accepted"),
        records.stream()
            .map(r -> r.path("kind").asText() + " " + r.at("/event/data/n").asText() + " "
                + r.path("verdict").asText())
            .toList());
    JsonNode voiding = records.get(2);
    assertEquals("wrong count", voiding.path("reason").asText());
    assertEquals(tenant.email(), voiding.path("author").asText());
    assertEquals(records.get(0).path("position"), voiding.path("voids"));
    assertEquals(List.of("e"), ids("?verdict=replaced"));
    assertEquals(List.of("e"), ids("?verdict=accepted&subject=b"));
    assertEquals(List.of(), ids("?verdict=accepted&subject=a"));

    send(admin, event("f", "a", "2026-03-01T00:00:00Z", ""));
    admin.post(EVENTS + "/f/void", "{\"reason\":\"test data\"}").require(200);
    assertEquals(List.of("f"), ids("?verdict=voided"));
    assertEquals(
        "voided",
        admin.get(EVENTS + "/f").require(200).json().at("/events/0/verdict").asText());
  }

  @Test
  void looksUpEventsOfEverySourceAndAnyId() {
    String strange = "a/b c?ü%";
    send(
        admin,
        event(strange, "a", "2026-03-01T00:00:00Z", ""),
        event(strange, "a", "2026-03-01T00:00:00Z", "").replace("\"/s\"", "\"/t\""),
        event("stream", "a", "2026-03-01T00:00:00Z", ""));
    String path = EVENTS + "/" + Http.encoded(strange).replace("+", "%20");
    assertEquals(2, admin.get(path).require(200).json().path("events").size());
    JsonNode one = admin.get(path + "?source=/t").require(200).json();
    assertEquals(
        List.of("/t"),
        one.path("events").findValuesAsText("source").stream().distinct().toList());
    assertEquals(List.of("stream"), ids("?id=stream"));
    new Problem(404, "EVENT_NOT_FOUND", "id").check(admin.get(EVENTS + "/unknown"));
    new Problem(404, "EVENT_NOT_FOUND", "id").check(admin.get(path + "?source=/u"));
  }

  @Test
  void keepsTenantsApart() {
    Http other = weir.newTenant().admin();
    send(admin, event("same", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"mine\":1}"));
    send(other, event("same", "a", "2026-03-01T00:00:00Z", ",\"data\":{\"mine\":2}"));
    for (String query : List.of("", "?subject=a", "?id=same", "?type=llm.call&verdict=accepted")) {
      assertEquals(1, list(admin, query).get(0).at("/event/data/mine").asInt());
      assertEquals(1, list(admin, query).size());
      assertEquals(2, list(other, query).get(0).at("/event/data/mine").asInt());
    }
    assertEquals(
        1,
        other
            .get(EVENTS + "/same")
            .require(200)
            .json()
            .findValues("records")
            .get(0)
            .size());
    assertEquals(List.of(), list(weir.newTenant().admin(), ""));
  }

  @Test
  void refusesBadParametersWithTheirNames() {
    String invalid = "QUERY_PARAMETER_INVALID";
    for (String limit : List.of("0", "1001", "100000", "-1", "ten", "1.5")) {
      new Problem(400, invalid, "limit").check(admin.get(EVENTS + "?limit=" + limit));
    }
    for (String cursor : List.of("x", "1.2", "1.2.3.4", "99999999999999999999.0.1", "-1.0.1")) {
      new Problem(400, "EVENTS_CURSOR_INVALID", "cursor")
          .check(admin.get(EVENTS + "?cursor=" + cursor));
    }
    new Problem(400, "EVENTS_RANGE_INVALID", "from")
        .check(admin.get(EVENTS + "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"));
    new Problem(400, "EVENTS_RANGE_INVALID", "ingestedAtFrom")
        .check(admin.get(
            EVENTS + "?ingestedAtFrom=2026-03-02T00:00:00Z&ingestedAtTo=2026-03-01T00:00:00Z"));
    for (String name : List.of("from", "to", "ingestedAtFrom", "ingestedAtTo")) {
      new Problem(400, invalid, name).check(admin.get(EVENTS + "?" + name + "=yesterday"));
    }
    new Problem(400, invalid, "verdict").check(admin.get(EVENTS + "?verdict=duplicate"));
    new Problem(400, invalid, "partial").check(admin.get(EVENTS + "?partial=maybe"));
    new Problem(400, invalid, "type").check(admin.get(EVENTS + "?type=a&type=b"));
    new Problem(400, invalid, "id").check(admin.get(EVENTS + "?id=" + "x".repeat(1_025)));
    assertEquals(404, admin.get(EVENTS + "?meter=none").status());
    assertEquals(404, admin.get(EVENTS + "?customer=none").status());
    assertEquals(400, admin.get(EVENTS + "/stream?verdict=x").status());
    assertEquals(404, admin.get(EVENTS + "/stream?meter=none").status());
    assertEquals(403, admin.withKey("ingest").get(EVENTS).status());
    assertEquals(403, admin.withKey("ingest").get(EVENTS + "/stream").status());
    assertEquals(401, weir.anyone().get(EVENTS).status());
    assertEquals(200, admin.withKey("read").get(EVENTS).status());
  }

  private LiveEvents live(LocalWeir.Tenant reader, String query) {
    Answer login = weir.anyone()
        .post(
            "/api/auth/login",
            java.util.Map.of("email", reader.email(), "password", reader.password()))
        .require(200);
    return LiveEvents.open(
        weir.url(), "Bearer " + login.data().path("accessToken").asText(), query);
  }

  @Test
  void streamsWhatArrivesAndPassesTheFilter() {
    send(admin, event("before", "a", "2026-03-01T00:00:00Z", ""));
    LocalWeir.Tenant other = weir.newTenant();
    try (LiveEvents all = live(tenant, "");
        LiveEvents ofB = live(tenant, "?subject=b");
        LiveEvents ofOther = live(other, "")) {
      send(
          admin,
          event("1", "a", "2026-03-01T00:00:00Z", ",\"data\":{\n\"n\"\r\n:1}"),
          event("2", "b", "2026-03-01T00:00:00Z", ""));
      admin.post(EVENTS + "/1/void", "{\"reason\":\"oops\"}").require(200);
      admin
          .post(EVENTS + "/2/replace", """
          {"reason":"better","event":%s}""".formatted(
                  event("2", "b", "2026-03-01T00:00:00Z", ",\"data\":{}")))
          .require(200);
      List<LiveEvents.Event> seen = all.next(5);
      assertEquals(
          List.of("event 1", "event 2", "voided 1", "replaced 2", "event 2"),
          seen.stream()
              .map(e -> e.name() + " " + e.data().at("/event/id").asText())
              .toList());
      assertEquals(1, seen.get(0).data().at("/event/data/n").asInt());
      assertEquals(seen.get(0).id(), seen.get(0).data().path("position").asText());
      assertEquals("oops", seen.get(2).data().path("reason").asText());
      assertEquals(seen.get(0).id(), seen.get(2).data().path("voids").asText());
      assertEquals(
          List.of("event", "replaced", "event"),
          ofB.next(3).stream().map(LiveEvents.Event::name).toList());
      send(other.admin(), event("theirs", "a", "2026-03-01T00:00:00Z", ""));
      assertEquals("theirs", ofOther.next().data().at("/event/id").asText());
    }
  }

  @Test
  void tellsASlowReaderHowMuchItMissed() {
    String data = ",\"data\":{\"text\":\"" + "x".repeat(10_000) + "\"}";
    int count = 3_000;
    try (LiveEvents slow = live(tenant, "")) {
      for (int from = 0; from < count; from += 300) {
        send(
            admin,
            IntStream.range(from, from + 300)
                .mapToObj(i -> event("e" + i, "a", "2026-03-01T00:00:00Z", data))
                .toArray(String[]::new));
      }
      List<String> seen = new ArrayList<>();
      long dropped = 0;
      while (seen.size() + dropped < count) {
        LiveEvents.Event next = slow.next();
        if (next.name().equals("dropped")) {
          dropped += next.data().path("count").asLong();
        } else {
          seen.add(next.data().at("/event/id").asText());
        }
      }
      assertTrue(dropped > 0, "30 MB fit into buffers");
      assertEquals(count, seen.size() + dropped);
      List<String> inOrder = seen.stream()
          .sorted(Comparator.comparingInt(id -> Integer.parseInt(id.substring(1))))
          .toList();
      assertEquals(inOrder, seen);
      send(admin, event("after", "a", "2026-03-01T00:00:00Z", ""));
      assertEquals("after", slow.next().data().at("/event/id").asText());
    }
  }

  @Test
  void endsStreamsWhenItStopsAndFindsEverythingAfterAStart() {
    Path home = directory.resolve("restarted");
    List<String> ids = IntStream.range(0, 500).mapToObj(i -> "e" + i).toList();
    List<JsonNode> before;
    try (LocalWeir first = LocalWeir.start(home)) {
      Http sender = first.admin();
      send(
          sender,
          ids.stream()
              .map(id -> event(id, "a", "2026-03-01T00:00:00Z", ""))
              .toArray(String[]::new));
      before = list(sender, "?limit=1000");
      Answer login = first
          .anyone()
          .post(
              "/api/auth/login",
              java.util.Map.of("email", LocalWeir.EMAIL, "password", LocalWeir.PASSWORD));
      LiveEvents live = LiveEvents.open(
          first.url(), "Bearer " + login.require(200).data().path("accessToken").asText(), "");
      long stopping = System.nanoTime();
      first.close();
      assertEquals("end", live.next().name());
      assertTrue(live.isEnded());
      live.close();
      long seconds = (System.nanoTime() - stopping) / 1_000_000_000L;
      assertTrue(seconds < 10, "the stop waited for a stream: " + seconds + " s");
    }
    try (LocalWeir second = LocalWeir.start(home)) {
      assertEquals(before, list(second.admin(), "?limit=1000"));
      send(second.admin(), event("later", "a", "2026-03-01T00:00:00Z", ""));
      assertEquals(501, list(second.admin(), "?limit=1000&subject=a").size());
    }
  }
}
