package dev.weir.metering.aggregate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The rows of one flush, sorted by key so that pages are touched in order.
 *
 * @param changes windows of WEIGHTED_SUM meters
 * @param replaced windows of MIN, MAX and LATEST meters that were folded anew
 * @param uniques those of the totals that have distinct values
 * @param values those of the totals that have values for percentiles
 */
record FlushPlan(
    List<WindowStore.WindowRow> totals,
    List<WindowStore.WindowRow> changes,
    List<WindowStore.WindowRow> extremes,
    List<WindowStore.WindowRow> replaced,
    List<WindowStore.WindowRow> uniques,
    List<WindowStore.WindowRow> values) {

  /**
   * @param seriesIds the id of every series in the fold
   * @param refolded the new content of windows from which an extreme was taken back
   */
  static FlushPlan of(
      Iterable<WindowFold.SeriesDelta> series,
      Map<SeriesKey, Long> seriesIds,
      Map<WindowKey, WindowDelta> refolded) {
    FlushPlan plan = new FlushPlan(
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
    for (WindowFold.SeriesDelta delta : series) {
      Long id = seriesIds.get(delta.key());
      if (id == null) {
        throw new IllegalStateException("series without an id: " + delta.key());
      }
      delta.byMinute().forEach((minute, window) -> {
        WindowDelta fresh = refolded.get(new WindowKey(delta.key(), minute));
        plan.add(
            delta.meter(),
            new WindowStore.WindowRow(
                id, minute, delta.meter().meter().tenantId(), fresh == null ? window : fresh),
            fresh != null);
      });
    }
    plan.sort();
    return plan;
  }

  private void add(CompiledMeter meter, WindowStore.WindowRow row, boolean isRefolded) {
    switch (meter.meter().aggregation()) {
      case COUNT, SUM, AVG -> totals.add(row);
      case UNIQUE_COUNT -> {
        totals.add(row);
        uniques.add(row);
      }
      case PERCENTILE -> {
        totals.add(row);
        values.add(row);
      }
      case WEIGHTED_SUM -> changes.add(row);
      case MIN, MAX, LATEST -> (isRefolded ? replaced : extremes).add(row);
    }
  }

  private void sort() {
    Comparator<WindowStore.WindowRow> byKey = Comparator.comparingLong(
            WindowStore.WindowRow::seriesId)
        .thenComparingLong(WindowStore.WindowRow::minute);
    List.of(totals, changes, extremes, replaced, uniques, values).forEach(rows -> rows.sort(byKey));
  }
}
