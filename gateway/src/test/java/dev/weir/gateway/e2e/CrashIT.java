package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.e2e.CrashLedger.Batch;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a Weir under load, again and again, with SIGKILL, on one data directory: in each round after a
 * random number of acknowledgements and some microseconds; in every fourth round PostgreSQL with it;
 * in every fifth a second time while it starts. Then everything that was ever sent must have been
 * counted once, and billed to the last digit.
 *
 * <p>What it shows: if a kill lost or doubled something with probability p, then n rounds without a
 * failure would have the probability (1 − p)ⁿ. So after n = 20 clean rounds p is below 3/n = 15 % with
 * 95 % confidence, after 300 below 1 %: {@code -Dweir.crash.rounds=300}. SIGKILL leaves what was written
 * in the kernel's hands; the loss of power is not shown by this test.
 *
 * <p>{@code -Dweir.crash.seed} repeats the sizes, moments and choices of a run; how the threads
 * interleave is the machine's doing.
 */
final class CrashIT {

  private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 20);
  private static final long SEED = Long.getLong("weir.crash.seed", System.nanoTime());
  private static final int SENDERS = 4;
  private static final int ACKNOWLEDGEMENTS_MAX = 200;
  private static final int MICROS_MAX = 5_000;
  private static final int START_MILLIS_MAX = 4_000;
  private static final int RESEND_EVENTS = 2_000;

  /** Kept after a failure, for the search of its cause. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final NumberedEvents events = new NumberedEvents(SEED);
  private String message = "seed " + SEED;
  private final CrashLedger ledger = new CrashLedger(message);
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
  private WeirProcess weir;

  /** One life of a process, up to its kill. */
  private final class Round {
    private final WeirProcess killed;
    private final boolean postgresToo;
    private final AtomicInteger acknowledgementsLeft;
    private final long spinNanos;
    private volatile boolean over;

    Round(WeirProcess killed, boolean postgresToo) {
      this.killed = killed;
      this.postgresToo = postgresToo;
      this.acknowledgementsLeft = new AtomicInteger(1 + random.nextInt(ACKNOWLEDGEMENTS_MAX));
      this.spinNanos = random.nextLong(MICROS_MAX * 1_000L);
    }

    /** Kills at the last one; not at once, or it would always strike just after a flush. */
    void acknowledged() {
      if (acknowledgementsLeft.decrementAndGet() != 0) {
        return;
      }
      long from = System.nanoTime();
      while (System.nanoTime() - from < spinNanos) {
        Thread.onSpinWait();
      }
      over = true;
      if (postgresToo && spinNanos % 2 == 0) {
        killed.killPostgres();
      }
      killed.kill();
      if (postgresToo && spinNanos % 2 == 1) {
        killed.killPostgres();
      }
    }
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    if (weir != null && weir.isAlive()) {
      weir.stop();
    }
  }

  @Test
  void whatWasAcknowledgedIsCountedAndBilledOnceWheneverTheProcessIsKilled() {
    System.out.printf("CrashIT: %s, %d rounds%n", message, ROUNDS);
    Path data = temporary.resolve("data");
    weir = WeirProcess.start(data, Map.of());
    Http admin = Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage.createCatalogue(admin);
    String key = admin
        .post("/api/auth/api-keys", Map.of("name", "crash", "scopes", List.of("ingest")))
        .require(201)
        .data()
        .path("key")
        .asText();
    for (int round = 1; round <= ROUNDS; round++) {
      message = "seed %d, round %d".formatted(SEED, round);
      sendUntilKilled(new Round(weir, round % 4 == 0), key);
      if (round % 5 == 0) {
        start(data);
        weir.killWithin(random.nextInt(START_MILLIS_MAX));
      }
      start(data);
    }
    message = "seed %d, after %d rounds".formatted(SEED, ROUNDS);
    checkEverything(Http.to(weir.awaitReady()), key);
  }

  /** With one lane or two: what one number of lanes wrote another must read. */
  private void start(Path data) {
    weir = WeirProcess.start(
        data, Map.of("WEIR_INGEST_LANES", Integer.toString(1 + random.nextInt(2))));
  }

  private void sendUntilKilled(Round round, String key) {
    Http http = Http.to(round.killed.awaitReady()).bearing(key);
    List<Future<?>> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      SplittableRandom own = random.split();
      senders.add(threads.submit(() -> send(round, http, own)));
    }
    for (Future<?> sender : senders) {
      try {
        sender.get();
      } catch (ExecutionException e) {
        round.killed.kill();
        throw new AssertionError(message + ": " + e.getCause(), e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void send(Round round, Http http, SplittableRandom own) {
    while (!round.over) {
      Batch batch = ledger.next(own);
      try {
        Answer answer = http.with("Content-Type", "application/json")
            .exchange(
                "POST", "/api/v1/events", BodyPublishers.ofString(events.array(batch.numbers())));
        if (answer.status() == 200) {
          ledger.acknowledge(batch, answer.json());
          round.acknowledged();
        } else if (round.over) {
          ledger.unclear(batch, own);
        } else {
          throw new AssertionError("events were answered with " + answer);
        }
      } catch (IOException e) {
        ledger.unclear(batch, own);
        if (!round.over) {
          throw new AssertionError("the connection broke before the kill", e);
        }
      }
    }
  }

  private void checkEverything(Http http, String key) {
    Http sender = http.bearing(key);
    BitSet acknowledged = ledger.acknowledged();
    BitSet sent = ledger.sent();
    resend(sender, acknowledged, true);
    BitSet unclear = ledger.sent();
    unclear.andNot(acknowledged);
    String position = resend(sender, unclear, false);
    if (position.isEmpty()) {
      position = resend(sender, acknowledged, true);
    }
    System.out.printf(
        "CrashIT: %d events sent, %d acknowledged, %d unclear%n",
        sent.cardinality(), acknowledged.cardinality(), unclear.cardinality());
    Http admin = http.signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage usage = new NumberedUsage(events, message);
    usage.checkUsage(admin, position, sent);
    usage.billAndCheck(admin, sent);
    assertEquals(0, weir.stop(), message + ": exit code of the last process");
  }

  /** Gives the last position, or an empty text when there is nothing to send. */
  private String resend(Http sender, BitSet numbers, boolean mustBeKnown) {
    int[] all = numbers.stream().toArray();
    String position = "";
    for (int from = 0; from < all.length; from += RESEND_EVENTS) {
      int[] some = Arrays.copyOfRange(all, from, Math.min(all.length, from + RESEND_EVENTS));
      JsonNode answer = sender.events(events.array(some)).require(200).json();
      position = answer.path("position").asText();
      int known = answer.path("duplicates").asInt();
      int taken = mustBeKnown ? 0 : answer.path("accepted").asInt();
      assertEquals(
          some.length,
          known + taken,
          () -> "%s: of %d acknowledged events these are not known: %s"
              .formatted(message, some.length, answer));
    }
    return position;
  }
}
