package dev.weir.metering.backfill;

import dev.weir.metering.aggregate.Aggregator;
import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.MeterStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/** Ends of backfills, each one transaction between two frames. Thread-safe. */
final class BackfillSwitch {

  private final Aggregator aggregator;
  private final MeterStore meters;
  private final BackfillStore store;
  private final UsageRemovals removals;
  private final InstantSource clock;

  BackfillSwitch(
      Aggregator aggregator,
      MeterStore meters,
      BackfillStore store,
      UsageRemovals removals,
      InstantSource clock) {
    this.aggregator = aggregator;
    this.meters = meters;
    this.store = store;
    this.removals = removals;
    this.clock = clock;
  }

  /** What is left to count at the moment of the switch, and where the backfill is with it. */
  record Rest(MeterReplay.Portion portion, BackfillProgress to) {}

  /**
   * Counts what is left up to where the windows are, and puts the backfill's usage and definition in the
   * place of the meter's; gives false, and does nothing, when it does not run or has been moved by another
   * worker.
   *
   * @param rest called on the aggregator's thread
   */
  Future<Boolean> complete(Backfill backfill, Function<JournalPosition, Rest> rest) {
    return aggregator.changeMetersAt(backfill.tenantId(), position -> {
      Rest last = rest.apply(position);
      Instant now = now();
      return connection -> store
          .move(connection, backfill, last.to(), now)
          .compose(moved -> moved
              ? last.portion()
                  .write(connection)
                  .compose(written -> replace(connection, backfill.at(last.to()), now))
              : Future.succeededFuture(false));
    });
  }

  private Future<Boolean> replace(SqlConnection connection, Backfill backfill, Instant now) {
    JournalPosition start = backfill.progress().start();
    if (start == null) {
      throw new IllegalStateException("a backfill that has not begun is not complete");
    }
    return store
        .end(connection, backfill, BackfillState.COMPLETED, null, now)
        .compose(ended ->
            meters.find(connection, backfill.tenantId(), backfill.meterId().toString()))
        .compose(meter -> meters.replaceUsage(
            connection, meter.counting(backfill.wanted(), backfill.id()), start, now))
        .compose(before -> removals.add(connection, backfill.tenantId(), before.usageId(), now))
        .map(true);
  }

  /** Ends the backfill as failed; gives false when it does not run or another worker has moved it. */
  Future<Boolean> fail(Backfill backfill, Backfill.Reason reason) {
    Instant now = now();
    return aggregator.changeMeters(
        backfill.tenantId(),
        (connection, position) -> store
            .end(connection, backfill, BackfillState.FAILED, reason, now)
            .compose(ended -> ended
                ? removals
                    .add(connection, backfill.tenantId(), backfill.id(), now)
                    .map(true)
                : Future.succeededFuture(false)));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
