package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendOrderTest {

  /** Three batches, all of which must wait for earlier ones. */
  private static EventSource conflicting() {
    int[] left = {3};
    return batch -> {
      batch.sendAfterAllEarlier();
      return left[0]-- > 0;
    };
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
