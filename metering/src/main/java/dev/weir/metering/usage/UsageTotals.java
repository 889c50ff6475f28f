package dev.weir.metering.usage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Totals of each group in each part of a query's range, put together in memory, and the rows that they
 * make. The parts of a level are 0 for all time before the range and then the windows from 1; those of a
 * query by minutes are the minutes, counted from 1970; those of any other are the windows from 0. Confined
 * to one thread.
 */
final class UsageTotals {

  private static final long MINUTE_SECONDS = 60;

  private final UsageQuery query;
  private final TreeMap<UsageGroup, TreeMap<Long, WindowTotal>> byGroup = new TreeMap<>(order());

  UsageTotals(UsageQuery query) {
    this.query = query;
  }

  /** Whether the answer is made of minutes, each with its own start, not of windows laid out before. */
  static boolean isByMinute(UsageQuery query) {
    return query.windowSize() == WindowSize.MINUTE && !query.isLevel();
  }

  /** Where the windows of the answer begin and end. */
  static WindowSpan span(UsageQuery query, Instant from, Instant to) {
    return WindowSpan.of(isByMinute(query) ? query.windowed(null) : query, from, to);
  }

  WindowTotal of(UsageGroup group, long part) {
    return byGroup
        .computeIfAbsent(group, g -> new TreeMap<>())
        .computeIfAbsent(part, p -> new WindowTotal());
  }

  /** The group that a window belongs to. */
  UsageGroup group(UsageWindow window) {
    TreeMap<String, String> dimensions = new TreeMap<>();
    query.groupBy().forEach(name -> dimensions.put(name, window.groups().getOrDefault(name, "")));
    return new UsageGroup(query.bySubject() ? window.subject() : null, dimensions);
  }

  /** Rows in order of window, subject, groups; refuses with USAGE_TOO_MANY_ROWS. */
  List<UsageRow> rows(WindowSpan span) {
    List<UsageRow> rows = query.isLevel() ? levels(span) : windows(span);
    UsageStore.checkRows(rows.size());
    return rows;
  }

  private List<UsageRow> levels(WindowSpan span) {
    LevelRows rows = new LevelRows(query.meter(), span);
    byGroup.forEach((group, parts) ->
        sums(parts, span).forEach((stretch, sums) -> rows.add(group, stretch, sums)));
    return rows.finish();
  }

  private SortedMap<Integer, LevelMean.Sums> sums(
      SortedMap<Long, WindowTotal> parts, WindowSpan span) {
    if (query.isOfKeys()) {
      WindowTotal all = new WindowTotal();
      parts.values().forEach(part -> part.operations().forEach(all::addOperation));
      all.operations().values().removeIf(count -> count <= 0);
      return KeyPresence.sums(all.operations().keySet(), span.cuts());
    }
    TreeMap<Integer, LevelMean.Sums> sums = new TreeMap<>();
    parts.forEach((part, total) -> sums.put(Math.toIntExact(part), total.sums()));
    return sums;
  }

  private List<UsageRow> windows(WindowSpan span) {
    TreeMap<Long, List<UsageRow>> byPart = new TreeMap<>();
    byGroup.forEach((group, parts) -> parts.forEach((part, total) -> {
      if (!total.isEmpty()) {
        byPart.computeIfAbsent(part, p -> new ArrayList<>()).add(row(span, group, part, total));
      }
    }));
    return byPart.values().stream().flatMap(List::stream).toList();
  }

  private UsageRow row(WindowSpan span, UsageGroup group, long part, WindowTotal total) {
    boolean byMinute = isByMinute(query);
    Instant start =
        byMinute ? Instant.ofEpochSecond(part * MINUTE_SECONDS) : span.start(Math.toIntExact(part));
    Instant end = byMinute ? start.plusSeconds(MINUTE_SECONDS) : span.end(Math.toIntExact(part));
    return new UsageRow(
        total.value(query.meter()), start, end, group.subject(), group.dimensions());
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
