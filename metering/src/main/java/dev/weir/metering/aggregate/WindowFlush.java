package dev.weir.metering.aggregate;

import dev.weir.metering.database.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes what is folded and the lane positions in one transaction, and remembers the numbers of series.
 * Blocks on the database; belongs to the aggregator's thread.
 */
final class WindowFlush implements WindowSink {

  static final long DATABASE_TIMEOUT_SECONDS = 60;

  private static final int SERIES_CACHED_MAX = 500_000;

  private static final Comparator<WindowFold.SeriesDelta> BY_HASH =
      Comparator.<WindowFold.SeriesDelta, UUID>comparing(delta -> delta.key().usageId())
          .thenComparing(delta -> delta.key().hash(), Arrays::compareUnsigned);

  private final Database database;
  private final WindowStore store = new WindowStore();
  private final Map<SeriesKey, Long> seriesIds = new LinkedHashMap<>(1_024, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<SeriesKey, Long> eldest) {
      return size() > SERIES_CACHED_MAX;
    }
  };

  WindowFlush(Database database) {
    this.database = database;
  }

  /** Makes sure that every lane has a position, and gives them all. */
  Map<Integer, WindowStore.LanePosition> addLanes(List<Integer> lanes) {
    return await(database.asEngine(connection ->
        store.addLanes(connection, lanes).compose(added -> store.positions(connection))));
  }

  @Override
  public Map<Integer, WindowStore.LanePosition> positions() {
    return await(database.asEngine(store::positions));
  }

  @Override
  public void write(List<WindowStore.Advance> advances, WindowFold fold) {
    remember(await(database.asEngine(connection -> store
        .advance(connection, advances)
        .compose(moved ->
            moved ? writeWindows(connection, fold) : Future.failedFuture(new FenceLost())))));
  }

  /** Notes the numbers of series that {@link #writeWindows} gave, once its transaction is committed. */
  void remember(Map<SeriesKey, Long> fresh) {
    seriesIds.putAll(fresh);
  }

  /** Adds everything in the fold; gives the numbers of series that were not known yet. */
  Future<Map<SeriesKey, Long>> writeWindows(SqlConnection connection, WindowFold fold) {
    List<WindowFold.SeriesDelta> unknown = new ArrayList<>();
    for (WindowFold.SeriesDelta delta : fold.series()) {
      if (!seriesIds.containsKey(delta.key())) {
        unknown.add(delta);
      }
    }
    // In one order, as a backfill may be adding the same ones for the same meter.
    unknown.sort(BY_HASH);
    return store.seriesIds(connection, unknown).compose(fresh -> {
      Map<SeriesKey, Long> ids = new HashMap<>(fresh);
      for (WindowFold.SeriesDelta delta : fold.series()) {
        ids.computeIfAbsent(delta.key(), seriesIds::get);
      }
      FlushPlan plan = FlushPlan.of(fold.series(), ids);
      return store
          .addTotals(connection, plan.totals())
          .compose(done -> store.addExtremes(connection, plan.extremes()))
          .compose(done -> store.addUniques(connection, plan.uniques()))
          .compose(done -> store.addConflicts(connection, fold.conflicts()))
          .map(fresh);
    });
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, DATABASE_TIMEOUT_SECONDS);
  }
}
