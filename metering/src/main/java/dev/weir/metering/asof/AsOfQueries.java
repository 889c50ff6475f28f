package dev.weir.metering.asof;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes questions about usage as it was known earlier, a few at a time. Thread-safe. */
public final class AsOfQueries {

  private static final int THREADS = 2;
  private static final int WAITING_MAX = 32;
  private static final int SUBJECTS_MAX = 10_000;
  private static final long MINUTES_MAX = 5;

  private final Database database;
  private final Supplier<JournalPosition> flushed;
  private final Supplier<Future<Void>> visible;
  private final AsOfUsage usage;
  private final InstantSource clock;
  private final WorkerExecutor workers;
  private final AtomicInteger waiting = new AtomicInteger();
  private final MeterStore meters = new MeterStore();
  private final UsageStore store = new UsageStore();

  /**
   * @param visible completes when all that was received before is journaled and visible
   */
  public AsOfQueries(
      Vertx vertx,
      Database database,
      Supplier<JournalPosition> flushed,
      Supplier<Future<Void>> visible,
      SubjectRecords records,
      InstantSource clock) {
    this.database = database;
    this.flushed = flushed;
    this.visible = visible;
    this.usage = new AsOfUsage(records);
    this.clock = clock;
    this.workers =
        vertx.createSharedWorkerExecutor("weir-as-of", THREADS, MINUTES_MAX, TimeUnit.MINUTES);
  }

  /** The question, now that its meter is known, and the rows. */
  public record Answer(UsageQuery query, List<UsageRow> rows) {}

  private record Question(UsageQuery query, ActiveMeter active, Collection<String> subjects) {}

  /**
   * Answers a question about the tenant's meter with this id or key.
   *
   * @param asOf a position or a time, see {@link AsOf#parse}
   */
  public Future<Answer> query(
      UUID tenantId, String idOrKey, Function<Meter, UsageQuery> ask, String asOf) {
    AsOf moment = AsOf.parse(asOf, flushed.get(), clock.instant());
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return Future.failedFuture(new Refusal(
          MeteringError.USAGE_AS_OF_OVERLOADED,
          "Too many questions about earlier usage are waiting; try again shortly."));
    }
    return visible
        .get()
        .compose(ready ->
            database.inTenant(tenantId, connection -> question(connection, tenantId, idOrKey, ask)))
        .compose(question -> workers.executeBlocking(
            () -> new Answer(
                question.query(),
                usage.rows(question.query(), question.active(), question.subjects(), moment)),
            false))
        .onComplete(done -> waiting.decrementAndGet());
  }

  private Future<Question> question(
      SqlConnection connection, UUID tenantId, String idOrKey, Function<Meter, UsageQuery> ask) {
    return meters.findActive(connection, tenantId, idOrKey).compose(active -> {
      UsageQuery query = ask.apply(active.meter());
      return subjects(connection, query).map(subjects -> new Question(query, active, subjects));
    });
  }

  private Future<? extends Collection<String>> subjects(
      SqlConnection connection, UsageQuery query) {
    if (!query.subjects().isEmpty()) {
      return Future.succeededFuture(query.subjects());
    }
    return store
        .subjects(connection, query.meter(), null, SUBJECTS_MAX + 1)
        .compose(subjects -> subjects.size() <= SUBJECTS_MAX
            ? Future.succeededFuture(subjects)
            : Future.failedFuture(new Refusal(
                MeteringError.USAGE_AS_OF_TOO_LARGE,
                "subject",
                "Usage as of an earlier moment covers at most %d subjects; name those that matter."
                    .formatted(SUBJECTS_MAX))));
  }

  /** Ends the threads; questions under way fail. */
  public Future<Void> close() {
    return workers.close();
  }
}
