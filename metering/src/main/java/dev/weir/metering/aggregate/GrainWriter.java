package dev.weir.metering.aggregate;

import dev.weir.metering.rollup.LateStore;
import dev.weir.metering.rollup.RollupStore;
import dev.weir.metering.rollup.RowKey;
import dev.weir.metering.rollup.Watermarks;
import dev.weir.metering.usage.Grain;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes the windows of a flush to every grain that has them already, inside the caller's transaction:
 * the minutes, and for windows that are rolled up the hours and days as well. The only way by which
 * windows may be written. Cost: about 20 µs a row.
 */
final class GrainWriter {

  private final WindowStore windows = new WindowStore();
  private final MultisetStore multisets = new MultisetStore();
  private final RollupStore rollups = new RollupStore();
  private final LateStore late = new LateStore();

  /** Writes the plan; fails with {@link MinutesGone} when it was made before minutes were dropped. */
  Future<Void> write(SqlConnection connection, FlushPlan plan) {
    return rollups
        .closing(connection)
        .compose(closing -> plan.reachesBefore(closing.hoursTo())
            ? rollups
                .hold(connection)
                .compose(marks -> writeLate(connection, plan, marks)
                    .compose(done -> noteLate(connection, plan, marks, closing)))
            : writeMinutes(connection, plan.added(), plan.replaced())
                .compose(done -> openHours(connection, plan, Long.MIN_VALUE)));
  }

  private Future<Void> writeMinutes(
      SqlConnection connection, List<WindowRow> added, List<WindowRow> replaced) {
    return add(connection, Grain.MINUTE, added)
        .compose(done -> windows.replace(connection, Grain.MINUTE, replaced));
  }

  private Future<Void> add(SqlConnection connection, Grain grain, List<WindowRow> rows) {
    return windows
        .add(connection, grain, rows)
        .compose(done -> multisets.add(connection, grain, rows));
  }

  private Future<Void> openHours(SqlConnection connection, FlushPlan plan, long fromMinute) {
    return rollups.addOpen(
        connection, Grain.HOUR, plan.starts(Grain.HOUR, fromMinute, Long.MAX_VALUE));
  }

  private Future<Void> writeLate(SqlConnection connection, FlushPlan plan, Watermarks marks) {
    boolean wereMinutesKept = plan.replaced().stream().allMatch(row -> marks.keeps(row.minute()));
    if (!wereMinutesKept) {
      return Future.failedFuture(new MinutesGone());
    }
    return writeMinutes(connection, kept(plan.added(), marks), plan.replaced())
        .compose(done -> writeHours(connection, plan, marks))
        .compose(done -> writeDays(connection, plan, marks))
        .compose(done -> openHours(connection, plan, marks.hoursTo()))
        .compose(done -> rollups.addOpen(
            connection, Grain.DAY, plan.starts(Grain.DAY, marks.daysTo(), marks.hoursTo())));
  }

  /** What is being put together meanwhile may have been read before this is written. */
  private Future<Void> noteLate(
      SqlConnection connection, FlushPlan plan, Watermarks marks, RollupStore.Closing closing) {
    return late.note(
            connection, Grain.HOUR, plan.keys(Grain.HOUR, marks.hoursTo(), closing.hoursTo()))
        .compose(done -> late.note(
            connection, Grain.DAY, plan.keys(Grain.DAY, marks.daysTo(), closing.daysTo())));
  }

  private static List<WindowRow> kept(List<WindowRow> rows, Watermarks marks) {
    return rows.stream().filter(row -> marks.keeps(row.minute())).toList();
  }

  private Future<Void> writeHours(SqlConnection connection, FlushPlan plan, Watermarks marks) {
    Set<RowKey> fromMinutes = FlushPlan.keys(Grain.HOUR, plan.replaced(), marks.hoursTo());
    Set<RowKey> folded = FlushPlan.keys(Grain.HOUR, plan.replacedHours(), marks.hoursTo());
    List<WindowRow> added = plan.coarsened(
        Grain.HOUR, marks.hoursTo(), key -> fromMinutes.contains(key) || folded.contains(key));
    return add(connection, Grain.HOUR, added)
        .compose(done -> windows.replace(connection, Grain.HOUR, plan.replacedHours()))
        .compose(done -> rollups.rollAnew(connection, Grain.HOUR, fromMinutes));
  }

  private Future<Void> writeDays(SqlConnection connection, FlushPlan plan, Watermarks marks) {
    List<WindowRow> replaced = new ArrayList<>(plan.replaced());
    replaced.addAll(plan.replacedHours());
    Set<RowKey> anew = FlushPlan.keys(Grain.DAY, replaced, marks.daysTo());
    return add(connection, Grain.DAY, plan.coarsened(Grain.DAY, marks.daysTo(), anew::contains))
        .compose(done -> rollups.rollAnew(connection, Grain.DAY, anew));
  }
}
