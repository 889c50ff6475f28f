package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.e2e.CrashLedger.Batch;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
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

/**
 * Kills a Weir under load, again and again, with SIGKILL, on one data directory: in each round after a
 * random number of acknowledgements and some microseconds; in every fourth round PostgreSQL with it;
 * in every fifth a second time while it starts. Then everything that was ever sent must have been
 * counted once, and billed to the last digit.
 */
final class CrashRun implements AutoCloseable {

  private static final int SENDERS = 4;
  private static final int ACKNOWLEDGEMENTS_MAX = 200;
  private static final int MICROS_MAX = 5_000;
  private static final int START_MILLIS_MAX = 4_000;
  private static final int RESEND_EVENTS = 2_000;

  /** Starts a process on the data directory with these settings; does not wait. */
  @FunctionalInterface
  interface Starter {
    WeirProcess start(Map<String, String> environment);
  }

  private final String name;
  private final long seed;
  private final Starter starter;
  private final SplittableRandom random;
  private final NumberedEvents events;
  private String message;
  private final CrashLedger ledger;
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
  private WeirProcess weir;

  CrashRun(String name, long seed, Starter starter) {
    this.name = name;
    this.seed = seed;
    this.starter = starter;
    this.random = new SplittableRandom(seed);
    this.events = new NumberedEvents(seed);
    this.message = "seed " + seed;
    this.ledger = new CrashLedger(message);
  }

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

  @Override
  public void close() {
    threads.shutdownNow();
    if (weir != null && weir.isAlive()) {
      weir.stop();
    }
  }

  /** Kills so many times, then checks everything; gives how many events were sent. */
  int rounds(int rounds) {
    System.out.printf("%s: %s, %d rounds%n", name, message, rounds);
    weir = starter.start(Map.of());
    Http admin = Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage.createCatalogue(admin);
    String key = admin
        .post("/api/auth/api-keys", Map.of("name", "crash", "scopes", List.of("ingest")))
        .require(201)
        .data()
        .path("key")
        .asText();
    for (int round = 1; round <= rounds; round++) {
      message = "seed %d, round %d".formatted(seed, round);
      sendUntilKilled(new Round(weir, round % 4 == 0), key);
      if (round % 5 == 0) {
        start();
        weir.killWithin(random.nextInt(START_MILLIS_MAX));
      }
      start();
    }
    message = "seed %d, after %d rounds".formatted(seed, rounds);
    return checkEverything(Http.to(weir.awaitReady()), key);
  }

  /** With one lane or two: what one number of lanes wrote another must read. */
  private void start() {
    weir = starter.start(Map.of("WEIR_INGEST_LANES", Integer.toString(1 + random.nextInt(2))));
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

  private int checkEverything(Http http, String key) {
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
        "%s: %d events sent, %d acknowledged, %d unclear%n",
        name, sent.cardinality(), acknowledged.cardinality(), unclear.cardinality());
    Http admin = http.signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage usage = new NumberedUsage(events, message);
    usage.checkUsage(admin, position, sent);
    usage.billAndCheck(admin, sent);
    assertEquals(0, weir.stop(), message + ": exit code of the last process");
    return sent.cardinality();
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
