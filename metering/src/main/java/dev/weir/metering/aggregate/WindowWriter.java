package dev.weir.metering.aggregate;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what is folded, inside the caller's transaction, and remembers the numbers of series. One
 * transaction at a time; between two of them, {@link #remember} what the first has found, once it is
 * committed.
 */
final class WindowWriter {

  private static final int SERIES_CACHED_MAX = 500_000;

  private final WindowStore store = new WindowStore();
  private final SeriesStore seriesStore = new SeriesStore();
  private final GrainWriter grains = new GrainWriter();
  private final Map<SeriesKey, Long> seriesIds = new LinkedHashMap<>(1_024, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<SeriesKey, Long> eldest) {
      return size() > SERIES_CACHED_MAX;
    }
  };

  /** The series whose numbers are not known. */
  List<WindowFold.SeriesDelta> unknown(WindowFold fold) {
    List<WindowFold.SeriesDelta> unknown = new ArrayList<>();
    for (WindowFold.SeriesDelta delta : fold.series()) {
      if (!seriesIds.containsKey(delta.key())) {
        unknown.add(delta);
      }
    }
    return unknown;
  }

  /**
   * Adds everything in the fold; gives the numbers of the series that were not known, to be remembered.
   *
   * @param refolded the new content of windows from which an extreme was taken back
   */
  Future<SeriesStore.Numbers> write(
      SqlConnection connection,
      WindowFold fold,
      List<WindowFold.SeriesDelta> unknown,
      Map<WindowKey, WindowDelta> refolded) {
    return seriesStore
        .numbers(connection, unknown)
        .compose(fresh -> write(connection, fold, fresh.ids(), refolded).map(fresh));
  }

  private Future<Void> write(
      SqlConnection connection,
      WindowFold fold,
      Map<SeriesKey, Long> fresh,
      Map<WindowKey, WindowDelta> refolded) {
    Map<SeriesKey, Long> ids = new HashMap<>(fresh);
    for (WindowFold.SeriesDelta delta : fold.series()) {
      ids.computeIfAbsent(delta.key(), seriesIds::get);
    }
    FlushPlan plan = FlushPlan.of(fold.series(), ids, refolded);
    return grains
        .write(connection, plan)
        .compose(done -> store.addConflicts(connection, fold.conflicts()));
  }

  /** Notes the numbers of series that a committed transaction has found or given. */
  void remember(SeriesStore.Numbers fresh) {
    seriesIds.putAll(fresh.ids());
  }
}
