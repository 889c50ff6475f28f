package dev.weir.metering.usage;

import dev.weir.metering.meter.Meter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question about one meter. Where a WEIGHTED_SUM meter's range is open at the end, it ends with the last
 * minute that has an event in it, though the level goes on; a window that reaches beyond the range counts
 * with its part in the range.
 *
 * @param from inclusive, on a whole minute; null means from the beginning
 * @param to exclusive, on a whole minute; null means without end
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
}
