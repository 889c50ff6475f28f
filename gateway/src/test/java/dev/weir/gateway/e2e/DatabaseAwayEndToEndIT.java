package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away for ten seconds while events keep coming, and comes back. */
final class DatabaseAwayEndToEndIT {

  private static final Duration AWAY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SENDERS = 2;
  private static final int EVENTS_A_REQUEST = 25;

  @TempDir
  Path directory;

  private final NumberedEvents events = new NumberedEvents(2);
  private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
  private final AtomicInteger nextRequest = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean enough;

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void ingestGoesOnWithoutPostgresAndTotalsAreExactAfterwards()
      throws IOException, ExecutionException, InterruptedException {
    try (LocalWeir weir = LocalWeir.start(directory)) {
      Http admin = weir.admin();
      String subscription = NumberedUsage.createCatalogue(admin);
      Http sender = admin.withKey("ingest");
      List<Future<String>> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        senders.add(threads.submit(() -> send(sender)));
      }
      Await.until("the first answers", PATIENCE, () -> answered.get() > 20);
      EmbeddedServer postgres = weir.weir().server().orElseThrow();

      postgres.stop();
      int beforeOutage = answered.get();
      long outageEnds = System.nanoTime() + AWAY.toNanos();
      Await.until("/health says degraded", PATIENCE, () -> "DEGRADED".equals(status(weir)));
      weir.anyone().get("/health").require(200);
      weir.anyone().get("/health/ready").require(200);
      Await.until("the outage ends", PATIENCE, () -> System.nanoTime() >= outageEnds);
      int duringOutage = answered.get() - beforeOutage;
      assertEquals("DEGRADED", status(weir));
      assertTrue(duringOutage > 100, "answers during the outage: " + duringOutage);

      postgres.start();
      Await.until("/health says up", PATIENCE, () -> "UP".equals(status(weir)));
      int afterOutage = answered.get();
      Await.until("answers go on", PATIENCE, () -> answered.get() > afterOutage + 20);
      enough = true;
      NumberedUsage usage = new NumberedUsage(events, "database away");
      String position = "";
      for (Future<String> one : senders) {
        position = one.get();
        usage.awaitVisible(admin, position);
      }
      BitSet all = NumberedEvents.below(nextRequest.get() * EVENTS_A_REQUEST);
      usage.checkUsage(admin, position, all);
      usage.checkRunningBill(admin, subscription, all);
      usage.billAndCheck(admin, all);
    }
  }

  private static String status(LocalWeir weir) {
    return weir.anyone().get("/health").json().path("status").asText();
  }

  /** Sends without a pause; every request must be acknowledged. Gives the last position. */
  private String send(Http sender) {
    String position = "";
    while (!enough) {
      int from = nextRequest.getAndIncrement() * EVENTS_A_REQUEST;
      Answer answer =
          sender.events(events.array(NumberedEvents.range(from, from + EVENTS_A_REQUEST)));
      assertEquals(EVENTS_A_REQUEST, answer.require(200).json().path("accepted").asInt());
      position = answer.json().path("position").asText();
      answered.incrementAndGet();
    }
    return position;
  }
}
