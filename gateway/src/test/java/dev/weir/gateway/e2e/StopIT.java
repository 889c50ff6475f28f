package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM, whatever Weir is doing: it ends with 0, which says that it did so within {@code stop.seconds},
 * and the next one has everything that was acknowledged and goes on with what was cut off.
 */
final class StopIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int SENDERS = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private final NumberedEvents events = new NumberedEvents(5);
  private NumberedLoad load = new NumberedLoad(events, 50);
  private WeirProcess weir;

  @AfterEach
  void end() {
    load.close();
    if (weir != null && weir.isAlive()) {
      weir.kill();
    }
  }

  private Http start(Map<String, String> environment) {
    weir = WeirProcess.start(temporary.resolve("data"), environment);
    return Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
  }

  /** Ends with 0, after a line that tells how long everything took. */
  private void stops() {
    int lines = weir.logged("stopped in").size();
    int errors = weir.logged(" ERROR ").size();
    assertEquals(0, weir.stop(), weir::endOfLog);
    List<String> said = weir.logged("stopped in");
    assertEquals(lines + 1, said.size(), weir::endOfLog);
    System.out.println("StopIT: " + said.get(lines));
    List<String> wrong = weir.logged(" ERROR ");
    assertEquals(List.of(), wrong.subList(errors, wrong.size()));
  }

  @Test
  void stopsUnderLoad() {
    Http http = start(Map.of("WEIR_INGEST_LANES", "2"));
    NumberedUsage.createCatalogue(http);
    for (int round = 1; round <= 3; round++) {
      int before = load.acknowledged();
      load.begin(http.withKey("ingest"), SENDERS);
      Await.until("some events", PATIENCE, () -> load.acknowledged() > before + 5_000);
      stops();
      load.end();
      http = start(Map.of("WEIR_INGEST_LANES", "2"));
      load.check(http, "under load, round " + round);
    }
    stops();
  }

  @Test
  void stopsInTheMiddleOfBackfills() {
    load = new NumberedLoad(events, 2_000);
    Http http = start(Map.of());
    while (load.acknowledged() < 60_000) {
      assertTrue(load.sendOne(http));
    }
    NumberedUsage.createCatalogue(http);
    List<String> meters = List.of("sum", "count", "unique", "latest");
    for (String meter : meters) {
      http.post("/api/v1/meters/" + meter + "/backfills", "").require(202);
    }
    Http before = http;
    Await.until("one counts", PATIENCE, () -> scanned(before, "sum") > 0);
    stops();
    Http after = start(Map.of());
    for (String meter : meters) {
      Await.until(
          meter + " is counted",
          PATIENCE,
          () -> backfill(after, meter).path("state").asText().equals("completed"));
    }
    load.check(after, "backfills");
    assertTrue(weir.logged("BackfillRun - backfill").size() > meters.size(), weir::endOfLog);
    stops();
  }

  private static JsonNode backfill(Http http, String meter) {
    return http.get("/api/v1/meters/" + meter + "/backfills")
        .require(200)
        .json()
        .path(0);
  }

  private static long scanned(Http http, String meter) {
    return backfill(http, meter).path("eventsScanned").asLong();
  }

  @Test
  void stopsInTheMiddleOfAMergeOfTheEventIndex() {
    load = new NumberedLoad(events, 2_000);
    Map<String, String> often = Map.of("WEIR_EVENTS_INDEX_RECORDS_MAX", "1024");
    Http http = start(often);
    NumberedUsage.createCatalogue(http);
    load.begin(http.withKey("ingest"), SENDERS);
    // A run that is not merged has some 2,000 records of 42 bytes.
    Await.until("a merge is under way", PATIENCE, () -> unfinished() > 256 << 10);
    stops();
    load.end();
    assertEquals(0, unfinished(), "what was begun is gone");
    Http after = start(often);
    load.check(after, "merge");
    Await.until(
        "all is found",
        PATIENCE,
        () -> after.get("/api/v1/events?subject=numbers&limit=1").status() == 200);
    stops();
  }

  /** Bytes of the largest index run that is being written. */
  private long unfinished() {
    try (Stream<Path> files = Files.walk(temporary.resolve("data/journal"))) {
      return files
          .filter(file -> file.toString().endsWith(".events.new"))
          .mapToLong(file -> file.toFile().length())
          .max()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  @Test
  void stopsInTheMiddleOfABillingRun() {
    Http http = start(Map.of());
    NumberedUsage.createCatalogue(http);
    assertTrue(load.sendOne(http));
    int customers = 150;
    for (int i = 0; i < customers; i++) {
      subscribe(http, "c" + i);
    }
    String run = http.post("/api/billing/runs", Map.of("until", "2026-02-01T00:00:00Z"))
        .require(202)
        .data()
        .path("id")
        .asText();
    Http before = http;
    Await.until("it bills", PATIENCE, () -> invoiced(report(before, run)) > 0);
    stops();
    Http after = start(Map.of());
    Await.until(
        "the run ends",
        PATIENCE,
        () -> report(after, run).path("state").asText().equals("done"));
    assertEquals(customers + 1, invoiced(report(after, run)));
    Set<String> numbers = new HashSet<>();
    after
        .get("/api/billing/invoices?limit=200")
        .require(200)
        .data()
        .forEach(invoice -> numbers.add(invoice.path("invoiceNumber").asText()));
    assertEquals(customers + 1, numbers.size(), "each is billed once, under a number of its own");
    load.check(after, "billing run");
    stops();
  }

  private static void subscribe(Http http, String key) {
    Map<String, Object> customer =
        Map.of("key", key, "name", key, "currency", "USD", "subjects", List.of(key));
    http.post("/api/billing/customers", customer).require(201);
    Map<String, Object> subscription =
        Map.of("customerKey", key, "planId", "by-sum", "startedAt", "2026-01-01T00:00:00Z");
    http.post("/api/billing/subscriptions", subscription).require(201);
  }

  private static JsonNode report(Http http, String run) {
    return http.get("/api/billing/runs/" + run).require(200).data();
  }

  private static int invoiced(JsonNode report) {
    return report.path("counts").path("invoiced").asInt();
  }

  @Test
  void stopsBeforeItIsReady() {
    Http http = start(Map.of());
    NumberedUsage.createCatalogue(http);
    load.begin(http.withKey("ingest"), SENDERS);
    Await.until("some events", PATIENCE, () -> load.acknowledged() > 20_000);
    stops();
    load.end();
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 6; round++) {
      weir = WeirProcess.start(temporary.resolve("data"), Map.of());
      Await.until("it has begun", PATIENCE, () -> weir.holdsDirectory() || !weir.isAlive());
      LockSupport.parkNanos(random.nextLong(round * 400_000_000L + 1));
      assertEquals(0, weir.stop(), weir::endOfLog);
      assertFalse(Files.exists(temporary.resolve("data/postgres/postmaster.pid")), weir::endOfLog);
    }
    load.check(start(Map.of()), "before it is ready");
    stops();
  }

  @Test
  void endsByItselfWhenItsThreadsDoNot() throws IOException {
    Path stuck = temporary.resolve("stuck");
    weir = WeirProcess.start(
        StuckMain.class.getName(),
        temporary.resolve("data"),
        Map.of(
            StuckMain.SIGN,
            stuck.toString(),
            "WEIR_HTTP_DRAIN_SECONDS",
            "0",
            "WEIR_STOP_SECONDS",
            "30"));
    Http http = Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage.createCatalogue(http);
    load.begin(http.withKey("ingest"), SENDERS);
    Await.until("some events", PATIENCE, () -> load.acknowledged() > 5_000);
    Files.createFile(stuck);
    Await.until("the lane is stuck", PATIENCE, () -> Files.exists(StuckMain.answer(stuck)));
    assertEquals(3, weir.stop(), weir::endOfLog);
    load.end();
    assertEquals(1, weir.logged("not stopped after 30 s").size(), weir::endOfLog);
    assertEquals(1, weir.logged("\"weir-lane-0\" TIMED_WAITING").size(), weir::endOfLog);

    Http after = start(Map.of());
    load.check(after, "stuck");
    stops();
  }
}
