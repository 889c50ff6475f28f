package dev.weir.metering.aggregate;

import dev.weir.metering.meter.Meter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices meters whose group-by has more than {@value #COMBINATIONS_MAX} combinations of values, which is
 * nearly always a mistake (an id as a dimension), and says so once. Nothing is refused: usage comes first.
 *
 * <p>Belongs to the aggregator's thread, but for the count. Cost: a new series is a map look-up; a meter
 * is counted in the database when first seen, also after a backfill, which writes its series elsewhere, and
 * again only when enough series were added since to have passed the bound.
 */
final class SeriesCensus {

  static final int COMBINATIONS_MAX = 10_000;

  /** A new series adds at most one combination; so near the bound not every one leads to a count. */
  private static final long STEP_MIN = 100;

  private static final Logger LOG = LoggerFactory.getLogger(SeriesCensus.class);

  /** By what usage is kept under, how many series may still come before its combinations must be counted. */
  private final Map<UUID, Long> leeway = new HashMap<>();

  private final Set<UUID> crowded = new HashSet<>();
  private volatile int crowdedMeters;

  /** Meters seen with more combinations than the bound since the start. Any thread. */
  int crowdedMeters() {
    return crowdedMeters;
  }

  /**
   * Takes note of series; gives the meters whose combinations must be counted.
   *
   * @param seen series of meters that may be met for the first time since the start
   * @param created those of them that were not there before
   */
  List<Meter> due(List<WindowFold.SeriesDelta> seen, List<WindowFold.SeriesDelta> created) {
    Map<UUID, Meter> due = new HashMap<>();
    for (WindowFold.SeriesDelta series : seen) {
      Meter meter = series.meter().meter();
      if (mayGetCrowded(meter) && leeway.putIfAbsent(meter.usageId(), 0L) == null) {
        due.put(meter.usageId(), meter);
      }
    }
    for (WindowFold.SeriesDelta series : created) {
      Meter meter = series.meter().meter();
      if (mayGetCrowded(meter) && leeway.merge(meter.usageId(), -1L, Long::sum) <= 0) {
        due.put(meter.usageId(), meter);
      }
    }
    return List.copyOf(due.values());
  }

  private boolean mayGetCrowded(Meter meter) {
    return !meter.groupBy().isEmpty() && !crowded.contains(meter.id());
  }

  /** Takes note of a meter's combinations, counted up to one more than the bound. */
  void counted(Meter meter, long combinations) {
    leeway.put(meter.usageId(), Math.max(STEP_MIN, COMBINATIONS_MAX + 1 - combinations));
    if (combinations > COMBINATIONS_MAX && crowded.add(meter.id())) {
      crowdedMeters = crowded.size();
      LOG.warn(
          "meter '{}' of tenant {} has more than {} combinations of group values: group by fewer or"
              + " coarser dimensions",
          meter.key(),
          meter.tenantId(),
          COMBINATIONS_MAX);
    }
  }

  /** Takes note that a meter could not be counted: it is due when one of its series is seen again. */
  void uncounted(Meter meter) {
    leeway.remove(meter.usageId());
  }
}
