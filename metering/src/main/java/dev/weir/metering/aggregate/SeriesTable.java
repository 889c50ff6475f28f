package dev.weir.metering.aggregate;

import dev.weir.metering.event.Scalars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What series gained, found by meter, subject and group values as an event gives them, without making a
 * key of them first. Open addressing; confined to one thread.
 */
final class SeriesTable {

  private static final int SLOTS_MIN = 1_024;

  private final List<WindowFold.SeriesDelta> all = new ArrayList<>();
  private WindowFold.@Nullable SeriesDelta[] slots = new WindowFold.SeriesDelta[SLOTS_MIN];

  /** The series that an event belongs to; a new one if need be. */
  WindowFold.SeriesDelta of(CompiledMeter meter, String subject, Scalars scalars) {
    int hash = meter.seriesHash(subject, scalars);
    int mask = slots.length - 1;
    int at = hash & mask;
    for (WindowFold.SeriesDelta found = slots[at]; found != null; found = slots[at]) {
      if (found.hash() == hash && found.is(meter, subject, scalars)) {
        return found;
      }
      at = (at + 1) & mask;
    }
    SeriesKey key = new SeriesKey(meter.meter().usageId(), subject, meter.groups(scalars));
    WindowFold.SeriesDelta fresh = new WindowFold.SeriesDelta(key, meter, hash);
    slots[at] = fresh;
    all.add(fresh);
    if (all.size() * 2 > slots.length) {
      grow();
    }
    return fresh;
  }

  private void grow() {
    WindowFold.@Nullable SeriesDelta[] larger = new WindowFold.SeriesDelta[slots.length * 2];
    int mask = larger.length - 1;
    for (WindowFold.SeriesDelta series : all) {
      int at = series.hash() & mask;
      while (larger[at] != null) {
        at = (at + 1) & mask;
      }
      larger[at] = series;
    }
    slots = larger;
  }

  List<WindowFold.SeriesDelta> all() {
    return all;
  }

  void clear() {
    if (all.isEmpty()) {
      return;
    }
    all.clear();
    if (slots.length > SLOTS_MIN * 64) {
      slots = new WindowFold.SeriesDelta[SLOTS_MIN];
    } else {
      Arrays.fill(slots, null);
    }
  }
}
