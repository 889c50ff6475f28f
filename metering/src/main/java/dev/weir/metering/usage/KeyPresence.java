package dev.weir.metering.usage;

import dev.weir.metering.event.EventTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How many keys are present from when on, from the operations of one group, exactly as {@link UsageSql}
 * computes it in the database. Of the operations on a key, in order, those change something that differ
 * from the one before; the first that does is one that adds. Each adds one to the level at the time from
 * which it counts, or takes one away. By days, a key that is removed and added on one day is added at the
 * end of that day, where it left, so that no day counts twice.
 */
final class KeyPresence {

  private KeyPresence() {}

  /**
   * The changes of the level in each stretch of time: 0 for all time before the first cut, then between
   * the cuts from 1; what lies at the last cut or later is left out. Cost: n log n.
   *
   * @param operations different ones, in any order
   * @param cuts in order
   */
  static SortedMap<Integer, LevelMean.Sums> sums(
      Collection<KeyOperation> operations, List<Instant> cuts) {
    Map<UUID, List<KeyOperation>> byKey = new HashMap<>();
    operations.forEach(operation ->
        byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation));
    List<Long> starts = cuts.stream().map(KeyPresence::nanos).toList();
    TreeMap<Integer, LevelMean.Sums> sums = new TreeMap<>();
    for (List<KeyOperation> ofKey : byKey.values()) {
      Collections.sort(ofKey);
      boolean present = false;
      long left = Long.MIN_VALUE;
      for (KeyOperation operation : ofKey) {
        if (present == operation.removes()) {
          long at = Math.max(operation.countsNanos(), left);
          change(sums, starts, at, operation.removes() ? -1 : 1);
          present = !present;
          left = at;
        }
      }
    }
    return sums;
  }

  private static void change(
      Map<Integer, LevelMean.Sums> sums, List<Long> starts, long at, int change) {
    int found = Collections.binarySearch(starts, at);
    int stretch = found >= 0 ? found + 1 : -found - 1;
    if (stretch < starts.size()) {
      sums.merge(stretch, atTime(change, at), LevelMean.Sums::plus);
    }
  }

  private static LevelMean.Sums atTime(int change, long at) {
    BigDecimal sum = BigDecimal.valueOf(change);
    return new LevelMean.Sums(0, sum, BigDecimal.ZERO, sum.multiply(BigDecimal.valueOf(at)));
  }

  /** A cut as nanoseconds; beyond what those can say there are no events. */
  static long nanos(Instant cut) {
    long seconds = cut.getEpochSecond();
    long max = Long.MAX_VALUE / EventTime.NANOS_PER_SECOND - 1;
    return Math.max(-max, Math.min(max, seconds)) * EventTime.NANOS_PER_SECOND + cut.getNano();
  }
}
