package dev.weir.metering.usage;

import dev.weir.metering.meter.Aggregation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers a usage query from minute windows in memory, exactly as {@link UsageStore} does from those in
 * the database: for windows that are folded from the journal to answer one question, such as usage as it
 * was known earlier. Pure. Cost: one step a window.
 */
public final class FoldedUsage {

  private static final long MINUTE_SECONDS = 60;

  private final UsageQuery query;

  private FoldedUsage(UsageQuery query) {
    this.query = query;
  }

  /**
   * Rows in order of window, subject, groups.
   *
   * @param windows of the query's meter, one for each series and minute; for a WEIGHTED_SUM meter those
   *     before the range too
   */
  public static List<UsageRow> rows(UsageQuery query, Collection<UsageWindow> windows) {
    UsageStore.check(query);
    return new FoldedUsage(query).rows(windows);
  }

  private List<UsageRow> rows(Collection<UsageWindow> windows) {
    List<UsageWindow> asked = windows.stream().filter(this::isAskedFor).toList();
    List<UsageWindow> inRange = asked.stream().filter(this::isInRange).toList();
    Instant from = query.from();
    Instant to = query.to();
    if (from == null || to == null) {
      if (inRange.isEmpty()) {
        return List.of();
      }
      from =
          from == null ? start(inRange.stream().mapToLong(UsageWindow::minute).min()) : from;
      to = to == null
          ? start(inRange.stream().mapToLong(UsageWindow::minute).max()).plusSeconds(MINUTE_SECONDS)
          : to;
    }
    List<UsageRow> rows = query.meter().aggregation() == Aggregation.WEIGHTED_SUM
        ? levels(asked, WindowSpan.of(query, from, to))
        : totals(inRange, from, to);
    UsageStore.checkRows(rows.size());
    return rows;
  }

  private static Instant start(java.util.OptionalLong minute) {
    return start(minute.orElseThrow());
  }

  private static Instant start(long minute) {
    return Instant.ofEpochSecond(minute * MINUTE_SECONDS);
  }

  private boolean isAskedFor(UsageWindow window) {
    return (query.subjects().isEmpty() || query.subjects().contains(window.subject()))
        && query.filterGroupBy().entrySet().stream()
            .allMatch(filter -> filter.getValue().contains(window.groups().get(filter.getKey())));
  }

  private boolean isInRange(UsageWindow window) {
    Instant start = start(window.minute());
    return (query.from() == null || !start.isBefore(query.from()))
        && (query.to() == null || start.isBefore(query.to()));
  }

  private List<UsageRow> totals(List<UsageWindow> windows, Instant from, Instant to) {
    boolean byMinute = query.windowSize() == WindowSize.MINUTE;
    WindowSpan span = WindowSpan.of(byMinute ? query.windowed(null) : query, from, to);
    Map<Long, Map<UsageGroup, WindowTotal>> totals = new TreeMap<>();
    for (UsageWindow window : windows) {
      long key = byMinute ? window.minute() : bucket(span.boundaries(), window);
      totals
          .computeIfAbsent(key, k -> new TreeMap<>(order()))
          .computeIfAbsent(group(window), g -> new WindowTotal())
          .add(window);
    }
    List<UsageRow> rows = new ArrayList<>();
    totals.forEach((key, groups) -> groups.forEach((group, total) -> {
      if (!total.isEmpty()) {
        Instant start = byMinute ? start(key) : span.start(Math.toIntExact(key));
        rows.add(new UsageRow(
            total.value(query.meter()),
            start,
            byMinute ? start.plusSeconds(MINUTE_SECONDS) : span.end(Math.toIntExact(key)),
            group.subject(),
            group.dimensions()));
      }
    }));
    return rows;
  }

  /** Which of the windows between these boundaries, from 0; -1 before the first. */
  private static int bucket(List<Instant> boundaries, UsageWindow window) {
    int found = java.util.Collections.binarySearch(boundaries, start(window.minute()));
    return found >= 0 ? found : -found - 2;
  }

  private List<UsageRow> levels(List<UsageWindow> windows, WindowSpan span) {
    Map<UsageGroup, Map<Integer, WindowTotal>> changes = new TreeMap<>(order());
    List<Instant> cuts = span.cuts();
    for (UsageWindow window : windows) {
      if (start(window.minute()).isBefore(span.to(span.windows() - 1))) {
        changes
            .computeIfAbsent(group(window), g -> new TreeMap<>())
            .computeIfAbsent(bucket(cuts, window) + 1, stretch -> new WindowTotal())
            .add(window);
      }
    }
    LevelRows rows = new LevelRows(query.meter(), span);
    changes.forEach((group, stretches) ->
        stretches.forEach((stretch, total) -> rows.add(group, stretch, total.sums())));
    return rows.finish();
  }

  private UsageGroup group(UsageWindow window) {
    TreeMap<String, String> dimensions = new TreeMap<>();
    query.groupBy().forEach(name -> dimensions.put(name, window.groups().getOrDefault(name, "")));
    return new UsageGroup(query.bySubject() ? window.subject() : null, dimensions);
  }

  /** By subject, then by the dimensions in the order asked for, as bytes of UTF-8. */
  private Comparator<UsageGroup> order() {
    return (a, b) -> {
      int order = compare(a.subject(), b.subject());
      for (String name : query.groupBy()) {
        order = order == 0 ? compare(a.dimensions().get(name), b.dimensions().get(name)) : order;
      }
      return order;
    };
  }

  private static int compare(@Nullable String a, @Nullable String b) {
    return Arrays.compareUnsigned(
        String.valueOf(a).getBytes(StandardCharsets.UTF_8),
        String.valueOf(b).getBytes(StandardCharsets.UTF_8));
  }
}
