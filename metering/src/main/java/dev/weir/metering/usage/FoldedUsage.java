package dev.weir.metering.usage;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * Answers a usage query from minute windows in memory, exactly as {@link UsageStore} does from those in
 * the database: for windows that are folded from the journal to answer one question, such as usage as it
 * was known earlier. Pure. Cost: one step a window.
 */
public final class FoldedUsage {

  private static final long MINUTE_SECONDS = 60;

  private FoldedUsage() {}

  /**
   * Rows in order of window, subject, groups.
   *
   * @param before windows of the query's meter, one for each series and minute, of what lies before the
   *     range: looked at for levels only
   * @param within those of what lies in the range
   */
  public static List<UsageRow> rows(
      UsageQuery query, Collection<UsageWindow> before, Collection<UsageWindow> within) {
    UsageStore.check(query);
    List<UsageWindow> inRange = within.stream().filter(query::isAskedFor).toList();
    Instant from = query.from();
    Instant to = query.to();
    if (from == null || to == null) {
      if (inRange.isEmpty()) {
        return List.of();
      }
      from = from == null ? start(minute(inRange, LongStream::min)) : from;
      to = to == null ? start(minute(inRange, LongStream::max)).plusSeconds(MINUTE_SECONDS) : to;
    }
    WindowSpan span = UsageTotals.span(query, from, to);
    UsageTotals totals = new UsageTotals(query);
    if (query.isLevel()) {
      before.stream()
          .filter(query::isAskedFor)
          .forEach(window -> totals.of(totals.group(window), 0).add(window, 1));
    }
    ToLongFunction<UsageWindow> part = part(query, span);
    inRange.forEach(
        window -> totals.of(totals.group(window), part.applyAsLong(window)).add(window, 1));
    return totals.rows(span);
  }

  private static long minute(
      List<UsageWindow> windows, java.util.function.Function<LongStream, OptionalLong> end) {
    return end.apply(windows.stream().mapToLong(UsageWindow::minute)).orElseThrow();
  }

  private static Instant start(long minute) {
    return Instant.ofEpochSecond(minute * MINUTE_SECONDS);
  }

  private static ToLongFunction<UsageWindow> part(UsageQuery query, WindowSpan span) {
    if (UsageTotals.isByMinute(query)) {
      return UsageWindow::minute;
    }
    int first = query.isLevel() ? 1 : 0;
    return window -> first + bucket(span.boundaries(), start(window.minute()));
  }

  /** Which of the windows between these boundaries, from 0; a range may begin within a minute. */
  private static int bucket(List<Instant> boundaries, Instant start) {
    int found = Collections.binarySearch(boundaries, start);
    return Math.max(0, found >= 0 ? found : -found - 2);
  }
}
