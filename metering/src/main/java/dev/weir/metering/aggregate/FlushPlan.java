package dev.weir.metering.aggregate;

import dev.weir.metering.rollup.RowKey;
import dev.weir.metering.usage.Grain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The rows of one flush, sorted by key so that pages are touched in order.
 *
 * @param added minute windows that gained or lost events
 * @param replaced minute windows folded anew, as an extreme was taken back from them
 * @param replacedHours hours folded anew, for minutes that are no longer kept
 */
record FlushPlan(List<WindowRow> added, List<WindowRow> replaced, List<WindowRow> replacedHours) {

  private static final Comparator<WindowRow> BY_KEY =
      Comparator.comparingLong(WindowRow::seriesId).thenComparingLong(WindowRow::minute);

  FlushPlan {
    added = added.stream().sorted(BY_KEY).toList();
    replaced = replaced.stream().sorted(BY_KEY).toList();
    replacedHours = replacedHours.stream().sorted(BY_KEY).toList();
  }

  /**
   * @param seriesIds the id of every series in the fold
   * @param refolded the new content of windows from which an extreme was taken back
   */
  static FlushPlan of(
      Iterable<WindowFold.SeriesDelta> series,
      Map<SeriesKey, Long> seriesIds,
      Map<WindowKey, WindowDelta> refolded) {
    List<WindowRow> added = new ArrayList<>();
    for (WindowFold.SeriesDelta delta : series) {
      delta.byMinute().forEach((minute, window) -> {
        if (!window.needsRefold()) {
          added.add(row(delta, seriesIds, minute, window));
        }
      });
    }
    Map<SeriesKey, WindowFold.SeriesDelta> bySeries = new HashMap<>();
    if (!refolded.isEmpty()) {
      series.forEach(delta -> bySeries.put(delta.key(), delta));
    }
    List<WindowRow> replaced = new ArrayList<>();
    List<WindowRow> replacedHours = new ArrayList<>();
    refolded.forEach((key, window) -> {
      WindowFold.SeriesDelta delta = bySeries.get(key.series());
      if (delta == null) {
        throw new IllegalStateException("folded anew, but not in the fold: " + key);
      }
      (key.grain() == Grain.HOUR ? replacedHours : replaced)
          .add(row(delta, seriesIds, key.minute(), window));
    });
    return new FlushPlan(added, replaced, replacedHours);
  }

  private static WindowRow row(
      WindowFold.SeriesDelta series,
      Map<SeriesKey, Long> seriesIds,
      long minute,
      WindowDelta window) {
    Long id = seriesIds.get(series.key());
    if (id == null) {
      throw new IllegalStateException("series without an id: " + series.key());
    }
    return new WindowRow(
        id,
        minute,
        series.meter().meter().tenantId(),
        series.meter().meter().aggregation(),
        window);
  }

  /** Whether any window starts before this minute. */
  boolean reachesBefore(long minute) {
    return !replacedHours.isEmpty()
        || added.stream().anyMatch(row -> row.minute() < minute)
        || replaced.stream().anyMatch(row -> row.minute() < minute);
  }

  /** The windows of this grain that hold the minute windows from one minute, inclusive, to another. */
  Set<Long> starts(Grain grain, long fromMinute, long toMinute) {
    Set<Long> starts = new TreeSet<>();
    for (List<WindowRow> rows : List.of(added, replaced)) {
      for (WindowRow row : rows) {
        if (row.minute() >= fromMinute && row.minute() < toMinute) {
          starts.add(grain.start(row.minute()));
        }
      }
    }
    return starts;
  }

  /** Where the windows of this grain lie that hold the minute windows from one minute to another. */
  Set<RowKey> keys(Grain grain, long fromMinute, long toMinute) {
    Set<RowKey> keys = new HashSet<>();
    for (List<WindowRow> rows : List.of(added, replaced)) {
      for (WindowRow row : rows) {
        if (row.minute() >= fromMinute && row.minute() < toMinute) {
          keys.add(new RowKey(row.seriesId(), grain.start(row.minute())));
        }
      }
    }
    return keys;
  }

  /** Where the windows of this grain lie that hold these rows, of those that start before a minute. */
  static Set<RowKey> keys(Grain grain, List<WindowRow> rows, long beforeMinute) {
    Set<RowKey> keys = new HashSet<>();
    for (WindowRow row : rows) {
      if (row.minute() < beforeMinute) {
        keys.add(new RowKey(row.seriesId(), grain.start(row.minute())));
      }
    }
    return keys;
  }

  /** What windows of a coarser grain gained: those that were added to before a minute. */
  List<WindowRow> coarsened(Grain grain, long beforeMinute, Predicate<RowKey> isPutTogetherAnew) {
    Map<RowKey, WindowRow> rows = new HashMap<>();
    for (WindowRow row : added) {
      RowKey key = new RowKey(row.seriesId(), grain.start(row.minute()));
      if (row.minute() < beforeMinute && !isPutTogetherAnew.test(key)) {
        rows.computeIfAbsent(
                key,
                k -> new WindowRow(
                    k.seriesId(), k.minute(), row.tenantId(), row.aggregation(), new WindowDelta()))
            .delta()
            .merge(row.delta(), row.minute() - key.minute());
      }
    }
    return rows.values().stream().sorted(BY_KEY).toList();
  }
}
