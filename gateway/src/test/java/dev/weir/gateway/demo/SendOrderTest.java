package dev.weir.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendOrderTest {

  @TempDir
  Path folder;

  /** Three batches of one event, all of which must wait for earlier ones. */
  private Workload conflicting() throws Exception {
    Path file = Files.writeString(
        folder.resolve("u.csv"), "t,id,n\n2026-01-01,x,1\n2026-01-01,x,2\n2026-01-01,y,3\n");
    CsvColumns said = new CsvColumns("t", null, "id", Map.of("n", "n"), Map.of(), ZoneOffset.UTC);
    return new CsvWorkload(List.of(file), said, 1, BodyFormat.NDJSON);
  }

  private static CompletableFuture<Long> taken(SendOrder order) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return order.take(new EventBatch());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void aBatchWithAConflictWaitsUntilAllEarlierOnesAreAnswered() throws Exception {
    SendOrder order = new SendOrder(conflicting());
    assertEquals(0, order.take(new EventBatch()));
    CompletableFuture<Long> second = taken(order);
    assertFalse(second.isDone());
    order.answered(0);
    assertEquals(1, second.get(30, TimeUnit.SECONDS));
    order.answered(1);
    EventBatch last = new EventBatch();
    assertEquals(2, order.take(last));
    assertTrue(last.afterAllEarlier());
    assertEquals(SendOrder.NONE, order.take(new EventBatch()));
  }

  @Test
  void stoppingEndsTheOnesThatWait() throws Exception {
    SendOrder order = new SendOrder(conflicting());
    assertEquals(0, order.take(new EventBatch()));
    CompletableFuture<Long> second = taken(order);
    order.stop();
    assertEquals(SendOrder.NONE, second.get(30, TimeUnit.SECONDS));
    assertEquals(SendOrder.NONE, order.take(new EventBatch()));
  }
}
