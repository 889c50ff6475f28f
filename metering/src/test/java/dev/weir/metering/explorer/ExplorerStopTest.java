package dev.weir.metering.explorer;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplorerStopTest {

  @TempDir
  Path directory;

  @Test
  void whoWaitsForTheIndexIsSentAwaySoonAfterItIsToldToStop() throws Exception {
    Vertx vertx = Vertx.vertx();
    JournalPosition beyond = new JournalPosition(new TreeMap<>(Map.of(0, 100L)));
    try (Journal journal =
        Journal.open(directory, 1, InstantSource.fixed(TestMetering.NOW), new SecureRandom())) {
      EventExplorer explorer = EventExplorer.start(
          vertx,
          journal,
          // What is said to be flushed and never comes.
          new EventExplorer.Flushed(lane -> 100, () -> beyond),
          ExplorerOptions.DEFAULT);
      CompletableFuture<Object> found =
          CompletableFuture.supplyAsync(() -> explorer.find(TestJournal.TENANTS[0], null, "id"));
      explorer.tellToStop();
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> found.get(60, TimeUnit.SECONDS));
      assertTrue(failure.getCause() instanceof Refusal, failure::toString);
      assertEquals(MeteringError.EVENTS_NOT_INDEXED, ((Refusal) failure.getCause()).code());
      explorer.stop();
    } finally {
      await(vertx.close());
    }
  }
}
