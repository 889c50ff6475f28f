package dev.weir.metering.aggregate;

import dev.weir.metering.meter.Aggregation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The rows of one flush, sorted by key so that pages are touched in order. */
record FlushPlan(
    List<WindowStore.WindowRow> totals,
    List<WindowStore.WindowRow> extremes,
    List<WindowStore.WindowRow> uniques) {

  static FlushPlan of(Iterable<WindowFold.SeriesDelta> series, Map<SeriesKey, Long> seriesIds) {
    List<WindowStore.WindowRow> totals = new ArrayList<>();
    List<WindowStore.WindowRow> extremes = new ArrayList<>();
    List<WindowStore.WindowRow> uniques = new ArrayList<>();
    for (WindowFold.SeriesDelta delta : series) {
      Aggregation aggregation = delta.meter().meter().aggregation();
      Long id = seriesIds.get(delta.key());
      if (id == null) {
        throw new IllegalStateException("series without an id: " + delta.key());
      }
      List<WindowStore.WindowRow> target = WindowStore.isExtreme(aggregation) ? extremes : totals;
      delta.byMinute().forEach((minute, window) -> {
        WindowStore.WindowRow row =
            new WindowStore.WindowRow(id, minute, delta.meter().meter().tenantId(), window);
        target.add(row);
        if (aggregation == Aggregation.UNIQUE_COUNT) {
          uniques.add(row);
        }
      });
    }
    Comparator<WindowStore.WindowRow> byKey = Comparator.comparingLong(
            WindowStore.WindowRow::seriesId)
        .thenComparingLong(WindowStore.WindowRow::minute);
    totals.sort(byKey);
    extremes.sort(byKey);
    uniques.sort(byKey);
    return new FlushPlan(totals, extremes, uniques);
  }
}
