package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a Weir with SIGKILL, again and again, while it counts the past of four meters and events keep
 * coming; sometimes PostgreSQL with it. In the end all four show every event, once.
 *
 * <p>{@code -Dweir.crash.seed} repeats the moments and choices of a run.
 */
final class BackfillCrashIT {

  private static final long SEED = Long.getLong("weir.crash.seed", System.nanoTime());
  private static final int EVENTS_BEFORE = 60_000;
  private static final int REQUEST_EVENTS = 2_000;
  private static final int KILLS_MIN = 4;
  private static final int LIFE_MILLIS_MAX = 1_200;
  private static final List<String> METERS = List.of("sum", "count", "unique", "latest");

  /** Kept after a failure, for the search of its cause. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final NumberedEvents events = new NumberedEvents(SEED);
  private int next;
  private String position = "";
  private WeirProcess weir;

  @AfterEach
  void end() {
    if (weir != null && weir.isAlive()) {
      weir.stop();
    }
  }

  @Test
  void whatABackfillCountsItCountsOnceHoweverOftenItIsKilled() {
    System.out.println("BackfillCrashIT: seed " + SEED);
    Path data = temporary.resolve("data");
    weir = WeirProcess.start(data, Map.of());
    Http admin = signIn();
    while (next < EVENTS_BEFORE) {
      send(admin, REQUEST_EVENTS);
    }
    NumberedUsage.createCatalogue(admin);
    begin(admin);
    int kills = 0;
    for (Http http = admin; kills < KILLS_MIN || !areDone(http); http = signIn()) {
      if (areDone(http)) {
        // Quicker than we kill: all of it once more.
        begin(http);
      }
      send(http, 1 + random.nextInt(REQUEST_EVENTS));
      LockSupport.parkNanos(random.nextLong(LIFE_MILLIS_MAX) * 1_000_000);
      if (kills % 3 == 2) {
        weir.killPostgres();
      }
      weir.kill();
      kills++;
      weir = WeirProcess.start(data, Map.of());
    }
    System.out.println("BackfillCrashIT: kills " + kills);
    Http last = signIn();
    send(last, 10);
    BitSet counted = NumberedEvents.below(next);
    NumberedUsage usage = new NumberedUsage(events, "seed " + SEED);
    usage.checkUsage(last, position, counted);
    usage.billAndCheck(last, counted);
    assertEquals(0, weir.stop(), "exit code of the last process");
  }

  private static void begin(Http http) {
    METERS.forEach(
        meter -> http.post("/api/v1/meters/" + meter + "/backfills", "").require(202));
  }

  private Http signIn() {
    return Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
  }

  private void send(Http http, int count) {
    int[] numbers = NumberedEvents.range(next, next + count);
    JsonNode answer = http.events(events.array(numbers)).require(200).json();
    assertEquals(count, answer.path("accepted").asInt(), answer::toString);
    next += count;
    position = answer.path("position").asText();
  }

  private static boolean areDone(Http http) {
    boolean done = true;
    for (String meter : METERS) {
      JsonNode backfill =
          http.get("/api/v1/meters/" + meter + "/backfills").require(200).json().path(0);
      String state = backfill.path("state").asText();
      assertTrue(List.of("queued", "running", "completed").contains(state), backfill::toString);
      done &= state.equals("completed");
    }
    return done;
  }
}
