package dev.weir.invoicing.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.database.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoopTest {

  @Test
  void manyAsynchronousStepsRunWithoutADeepStack() {
    Vertx vertx = Vertx.vertx();
    AtomicInteger steps = new AtomicInteger();
    try {
      TestDatabase.await(Loop.from(1, n -> {
        steps.incrementAndGet();
        Promise<Optional<Integer>> later = Promise.promise();
        vertx.runOnContext(
            turn -> later.complete(n == 100_000 ? Optional.empty() : Optional.of(n + 1)));
        return later.future();
      }));
    } finally {
      TestDatabase.await(vertx.close());
    }

    assertEquals(100_000, steps.get());
  }

  @Test
  void aFailureEndsTheLoop() {
    IllegalStateException cause = new IllegalStateException("no more");

    Future<Void> ended = Loop.from(1, n -> {
      if (n == 3) {
        throw cause;
      }
      return Future.succeededFuture(Optional.of(n + 1));
    });

    assertTrue(ended.failed());
    assertSame(cause, ended.cause());
  }
}
