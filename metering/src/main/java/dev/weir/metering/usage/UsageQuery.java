package dev.weir.metering.usage;

import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question about one meter. Where the range of a meter of levels is open at the end, it ends with the last
 * minute that has an event in it, though the level goes on; a window that reaches beyond the range counts
 * with its part in the range.
 *
 * @param from inclusive; null means from the beginning; fractions of a second are dropped
 * @param to exclusive; null means without end; fractions of a second are dropped
 * @param subjects only these subjects; empty means all
 * @param filterGroupBy dimension to allowed values; a dimension the meter does not have is refused
 * @param groupBy dimensions to split by
 * @param bySubject whether to split by subject as well
 * @param windowSize null for one total per group
 */
public record UsageQuery(
    Meter meter,
    @Nullable Instant from,
    @Nullable Instant to,
    Set<String> subjects,
    Map<String, Set<String>> filterGroupBy,
    List<String> groupBy,
    boolean bySubject,
    @Nullable WindowSize windowSize,
    ZoneId zone) {

  public UsageQuery {
    from = from == null ? null : from.truncatedTo(ChronoUnit.SECONDS);
    to = to == null ? null : to.truncatedTo(ChronoUnit.SECONDS);
    subjects = Set.copyOf(subjects);
    filterGroupBy = Map.copyOf(filterGroupBy);
    groupBy = List.copyOf(groupBy);
  }

  /** One total for some subjects in a range: what rating asks. */
  public static UsageQuery total(
      Meter meter,
      Instant from,
      Instant to,
      Set<String> subjects,
      Map<String, Set<String>> filter) {
    return new UsageQuery(
        meter, from, to, subjects, filter, List.of(), false, null, ZoneOffset.UTC);
  }

  /** The same question, split into windows; null for one total. */
  public UsageQuery windowed(@Nullable WindowSize size) {
    return new UsageQuery(meter, from, to, subjects, filterGroupBy, groupBy, bySubject, size, zone);
  }

  /** The same question of another range. */
  UsageQuery between(@Nullable Instant newFrom, @Nullable Instant newTo) {
    return new UsageQuery(
        meter, newFrom, newTo, subjects, filterGroupBy, groupBy, bySubject, windowSize, zone);
  }

  /** Whether both ends lie on whole minutes, so that windows answer it without the events. */
  public boolean isOnMinutes() {
    return isOnMinute(from) && isOnMinute(to);
  }

  static boolean isOnMinute(@Nullable Instant time) {
    return time == null || time.truncatedTo(ChronoUnit.MINUTES).equals(time);
  }

  /** Whether a window is of a subject and of dimensions that are asked for, whenever it is. */
  boolean isAskedFor(UsageWindow window) {
    return (subjects.isEmpty() || subjects.contains(window.subject()))
        && filterGroupBy.entrySet().stream()
            .allMatch(filter -> filter.getValue().contains(window.groups().get(filter.getKey())));
  }

  /** Whether the level is that of keys which are present. */
  boolean isOfKeys() {
    return meter.aggregation() == Aggregation.WEIGHTED_UNIQUE_COUNT;
  }

  boolean isLevel() {
    return meter.aggregation().isLevel();
  }
}
