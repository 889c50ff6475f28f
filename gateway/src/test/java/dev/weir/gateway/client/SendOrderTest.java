package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendOrderTest {

  /** Three batches, all of which must wait for earlier ones. */
  private static EventSource<EventBatch> conflicting() {
    int[] left = {3};
    return batch -> {
      batch.sendAfterAllEarlier();
      return left[0]-- > 0;
    };
  }

  private static CompletableFuture<Long> taken(SendOrder<EventBatch> order) {
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
    SendOrder<EventBatch> order = new SendOrder<>(conflicting(), 10);
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
    SendOrder<EventBatch> order = new SendOrder<>(conflicting(), 10);
    assertEquals(0, order.take(new EventBatch()));
    CompletableFuture<Long> second = taken(order);
    order.stop();
    assertEquals(SendOrder.NONE, second.get(30, TimeUnit.SECONDS));
    assertEquals(SendOrder.NONE, order.take(new EventBatch()));
  }

  @Test
  void aBatchTooFarAheadOfTheOldestUnansweredOneWaits() throws Exception {
    SendOrder<EventBatch> order = new SendOrder<>(batch -> true, 2);
    assertEquals(0, order.take(new EventBatch()));
    assertEquals(1, order.take(new EventBatch()));
    CompletableFuture<Long> third = taken(order);
    order.answered(1);
    assertFalse(third.isDone());
    order.answered(0);
    assertEquals(2, third.get(30, TimeUnit.SECONDS));
    order.stop();
    assertEquals(SendOrder.NONE, order.take(new EventBatch()));
  }
}
