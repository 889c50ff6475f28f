package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.backfill.BackfillArguments;
import dev.weir.gateway.backfill.BackfillCommand;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills over HTTP, name by name. */
final class BackfillEndToEndIT {

  private static final String METERS = "/api/v1/meters";

  @TempDir
  static Path directory;

  private static LocalWeir weir;
  private Http admin;
  private String position;

  @BeforeAll
  static void start() {
    weir = LocalWeir.start(directory);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @BeforeEach
  void sendBeforeThereIsAMeter() {
    admin = weir.newTenant().admin();
    send("""
        [{"specversion":"1.0","id":"1","source":"s","type":"call","subject":"a",
          "time":"2026-03-01T10:00:00Z","data":{"n":1,"m":"x","cost":100}},
         {"specversion":"1.0","id":"2","source":"s","type":"call","subject":"b",
          "time":"2026-03-01T10:00:00Z","data":{"n":20,"m":"y","cost":200}},
         {"specversion":"1.0","id":"3","source":"s","type":"call","subject":"a",
          "time":"2026-03-02T10:00:00Z","data":{"n":300,"m":"x"}}]""");
  }

  private void send(String events) {
    position = admin.events(events).require(200).json().path("position").asText();
  }

  private static String sum(String backfill) {
    return """
        {"slug":"sum","eventType":"call","aggregation":"SUM","valueProperty":"$.n",
         "groupBy":{"model":"$.m"}%s}""".formatted(backfill);
  }

  private String total(String more) {
    JsonNode rows = admin
        .get(METERS + "/sum/query?after=" + position + more)
        .require(200)
        .json()
        .path("data");
    return rows.isEmpty() ? "none" : rows.get(0).path("value").asText();
  }

  private JsonNode awaitEnd(String id) {
    Await.until(
        "the backfill's end",
        Duration.ofSeconds(30),
        () -> !admin
            .get(METERS + "/sum/backfills/" + id)
            .require(200)
            .json()
            .path("endedAt")
            .isMissingNode());
    return admin.get(METERS + "/sum/backfills/" + id).require(200).json();
  }

  @Test
  void aNewMeterCountsThePastWhenToldTo() {
    JsonNode made = Wire.plain(admin.post(METERS, sum(",\"backfill\":true")), 201);
    JsonNode begun = made.path("backfill");
    Wire.requireNames(
        begun,
        "id",
        "meterId",
        "meter",
        "state",
        "percent",
        "eventsScanned",
        "eventsTotal",
        "eventsCounted",
        "eventsSkipped",
        "eventsPerSecond",
        "position",
        "until",
        "definition",
        "createdAt",
        "updatedAt");
    assertEquals(made.path("id"), begun.path("meterId"));
    assertEquals("queued", begun.path("state").asText());
    assertEquals("$.m", begun.path("definition").path("groupBy").path("model").asText());

    JsonNode done = awaitEnd(begun.path("id").asText());

    assertEquals("completed", done.path("state").asText());
    assertEquals("100.00", done.path("percent").decimalValue().toPlainString());
    assertEquals(3, done.path("eventsCounted").asInt());
    assertEquals(0, done.path("eventsSkipped").asInt());
    assertTrue(done.path("eventsScanned").asInt() >= 3, done.toString());
    assertEquals("321", total(""));
    assertEquals("301", total("&filterGroupBy[model]=x"));
    JsonNode meter = Wire.plain(admin.get(METERS + "/sum"), 200);
    assertFalse(meter.has("backfill"), meter.toString());
    assertEquals(done, Wire.plain(admin.get(METERS + "/sum/backfills"), 200).get(0));
  }

  @Test
  void aMeterCountsFromItsCreationUntilThePastIsAskedFor() {
    Wire.plain(admin.post(METERS, sum("")), 201);
    assertEquals("none", total(""));
    JsonNode begun = Wire.plain(admin.post(METERS + "/sum/backfills", ""), 202);
    assertEquals("completed", awaitEnd(begun.path("id").asText()).path("state").asText());
    assertEquals("321", total(""));
  }

  @Test
  void aChangeTakesEffectWithTheBackfillThatItAsksFor() {
    Wire.plain(admin.post(METERS + "?backfill=true", sum("")), 201);
    awaitEnd(
        Wire.plain(admin.get(METERS + "/sum/backfills"), 200).get(0).path("id").asText());
    new Problem(422, "METER_CHANGE_REFUSED", "valueProperty")
        .check(admin.put(METERS + "/sum", Map.of("valueProperty", "$.cost")));
    new Problem(422, "METER_CHANGE_REFUSED", "aggregation")
        .check(admin.put(METERS + "/sum", sum(",\"backfill\":true").replace("SUM", "MAX")));

    JsonNode changed = Wire.plain(
        admin.put(
            METERS + "/sum",
            Map.of("valueProperty", "$.cost", "description", "What it cost", "backfill", true)),
        202);

    assertEquals("$.n", changed.path("valueProperty").asText());
    assertEquals("What it cost", changed.path("description").asText());
    assertEquals(
        "$.cost",
        changed.path("backfill").path("definition").path("valueProperty").asText());
    JsonNode done = awaitEnd(changed.path("backfill").path("id").asText());
    assertEquals("completed", done.path("state").asText());
    assertEquals(2, done.path("eventsCounted").asInt());
    assertEquals(1, done.path("eventsSkipped").asInt());
    assertEquals(
        "$.cost",
        Wire.plain(admin.get(METERS + "/sum"), 200).path("valueProperty").asText());
    assertEquals("300", total(""));
  }

  @Test
  void whatCannotBeIsRefused() {
    Wire.plain(admin.post(METERS, sum("")), 201);
    String backfills = METERS + "/sum/backfills";
    new Problem(404, "METER_NOT_FOUND", "").check(admin.post(METERS + "/none/backfills", ""));
    new Problem(404, "METER_BACKFILL_NOT_FOUND", "").check(admin.get(backfills + "/none"));
    new Problem(404, "METER_BACKFILL_NOT_FOUND", "")
        .check(admin.post(backfills + "/none/cancel", ""));
    new Problem(400, "METER_BACKFILL_FROM_INVALID", "from")
        .check(admin.post(backfills, Map.of("from", "2999-01-01T00:00:00Z")));
    new Problem(400, "FIELD_INVALID", "from")
        .check(admin.post(backfills, Map.of("from", "yesterday")));
    new Problem(400, "FIELD_UNKNOWN", "since")
        .check(admin.post(backfills, Map.of("since", "2026-01-01T00:00:00Z")));
    new Problem(400, "FIELD_INVALID", "backfill")
        .check(admin.post(METERS, sum(",\"backfill\":\"yes\"")));
    String done = Wire.plain(admin.post(backfills, ""), 202).path("id").asText();
    awaitEnd(done);
    for (String change : new String[] {"cancel", "pause", "resume"}) {
      new Problem(409, "METER_BACKFILL_ENDED", "")
          .check(admin.post(backfills + "/" + done + "/" + change, ""));
    }
    Http reader = admin.withKey("read");
    reader.get(backfills).require(200);
    new Problem(403, "PERMISSION_DENIED", "").check(reader.post(backfills, ""));
    new Problem(403, "PERMISSION_DENIED", "")
        .check(reader.post(backfills + "/" + done + "/cancel", ""));
    // Another tenant sees none of it.
    Http stranger = weir.newTenant().admin();
    new Problem(404, "METER_NOT_FOUND", "").check(stranger.get(backfills));
  }

  private String command(int exitCode, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String key = admin
        .post("/api/auth/api-keys", Map.of("name", "cli", "scopes", List.of("write")))
        .require(201)
        .data()
        .path("key")
        .asText();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--url", weir.url()));
    BackfillCommand command = new BackfillCommand(
        BackfillArguments.parse(all, Map.of("WEIR_API_KEY", key)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        InstantSource.system());
    try {
      assertEquals(exitCode, command.run(), out.toString(StandardCharsets.UTF_8));
    } catch (CommandFailure failure) {
      return failure.text();
    }
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void theCommandWatchesToTheEndAndTellsWhatWasCounted() {
    Wire.plain(admin.post(METERS, sum("")), 201);
    assertTrue(command(1, "sum", "--follow").contains("has had no backfill"));
    String told = command(0, "sum");
    assertTrue(told.endsWith("backfill: completed, 3 events counted, 0 skipped"), told);
    assertEquals("321", total(""));
    assertEquals("backfill: completed, 3 events counted, 0 skipped", command(0, "sum", "--follow"));
    assertTrue(command(1, "sum", "--cancel").contains("METER_BACKFILL_ENDED"));
    assertTrue(command(1, "none").contains("METER_NOT_FOUND"));
    String detached = command(0, "sum", "--detach", "--from", "2026-01-01T00:00:00Z");
    assertTrue(detached.contains("weir backfill sum --follow"), detached);
    String rest = command(0, "sum", "--follow");
    assertTrue(rest.contains("backfill: completed, 3 events counted"), rest);
  }
}
