package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords on worker threads of their own, so that event loops never do. At most
 * a set number of sign-ins runs or waits; one more is refused with SIGN_IN_BUSY. Thread-safe.
 */
final class Passwords {

  private final WorkerExecutor workers;
  private final Semaphore room;
  private final RandomGenerator random;
  private final String decoy;

  Passwords(Vertx vertx, int threads, int queueMax, RandomGenerator random) {
    this.workers = vertx.createSharedWorkerExecutor("weir-password", threads);
    this.room = new Semaphore(threads + queueMax);
    this.random = random;
    this.decoy = PasswordHash.decoy(random);
  }

  /** The hash to store. */
  Future<String> hash(String password) {
    return work(() -> PasswordHash.of(password, random));
  }

  /** Whether the password is right; takes as long for an unknown user, given as null. */
  Future<Boolean> matches(String password, @Nullable String hash) {
    return work(() -> {
      boolean matches = PasswordHash.matches(password, hash == null ? decoy : hash);
      return matches && hash != null;
    });
  }

  Future<Void> close() {
    return workers.close();
  }

  private <T> Future<T> work(Callable<T> job) {
    if (!room.tryAcquire()) {
      return Future.failedFuture(new Refusal(
          AuthError.SIGN_IN_BUSY, "Too many sign-ins at the same time; try again in a second."));
    }
    return workers.executeBlocking(job, false).onComplete(done -> room.release());
  }
}
