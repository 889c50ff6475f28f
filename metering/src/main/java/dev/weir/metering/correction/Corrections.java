package dev.weir.metering.correction;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.ingest.Ingest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Voids and replaces events. One request after the other, each looking at a journal that has everything
 * of those before: so no two corrections can take back the same record. Thread-safe.
 */
public final class Corrections {

  /** Most corrections of one request. */
  public static final int CORRECTIONS_MAX = 1_000;

  private static final int WAITING_MAX = 64;
  private static final long LOOKUP_MINUTES_MAX = 5;

  private final Ingest ingest;
  private final CorrectionRecords records;
  private final WorkerExecutor worker;

  private Future<?> last = Future.succeededFuture();
  private int waiting;

  /**
   * @param keys the identity key of a tenant
   * @param rules what a tenant's meters ask of a replacement
   */
  public Corrections(
      Vertx vertx,
      Ingest ingest,
      EventDecoder decoder,
      Function<UUID, IdentityKey> keys,
      Function<UUID, EventRules> rules,
      EventHistory history,
      InstantSource clock) {
    this.ingest = ingest;
    this.records = new CorrectionRecords(decoder, keys, rules, history, clock);
    this.worker = vertx.createSharedWorkerExecutor(
        "weir-corrections", 1, LOOKUP_MINUTES_MAX, TimeUnit.MINUTES);
  }

  /** Who corrects: the tenant, and what the audit trail shows. */
  public record Author(UUID tenantId, String name) {}

  /**
   * Applies corrections; completes when all that could be made are on stable storage. One that is
   * refused does not keep the others back.
   */
  public Future<CorrectionAnswer> apply(
      ContextInternal context, Author author, List<Correction> corrections) {
    return inTurn(
        context,
        () -> worker
            .executeBlocking(() -> records.plan(author, corrections))
            .compose(plan -> submit(context, plan)));
  }

  private synchronized <T> Future<T> inTurn(ContextInternal context, Supplier<Future<T>> work) {
    if (waiting >= WAITING_MAX) {
      return context.failedFuture(new Refusal(
          MeteringError.CORRECTIONS_OVERLOADED,
          "Too many corrections are waiting; send fewer requests with more corrections each."));
    }
    waiting++;
    Promise<T> promise = context.promise();
    last = last.transform(before -> work.get()).onComplete(done -> {
      left();
      promise.handle(done);
    });
    return promise.future();
  }

  private synchronized void left() {
    waiting--;
  }

  private Future<CorrectionAnswer> submit(ContextInternal context, CorrectionRecords.Plan plan) {
    if (plan.batch().count() == 0) {
      return context.succeededFuture(new CorrectionAnswer(ingest.flushed(), plan.outcomes()));
    }
    return ingest
        .submit(context, plan.batch())
        .map(answer -> new CorrectionAnswer(answer.position(), plan.outcomes()));
  }

  /** Waits for what is under way; nothing may be started after. */
  public Future<Void> close() {
    Future<?> end;
    synchronized (this) {
      end = last;
    }
    return end.transform(done -> worker.close());
  }
}
