package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Gathered;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.Searchable;
import dev.weir.metering.explorer.run.Stretch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be searched of one lane at a moment. Immutable.
 *
 * @param runs those with records, in the order of the journal
 * @param tail what is gathered behind them
 * @param gaps between them
 * @param lastSequence up to which there are entries, but for the gaps
 */
record LaneView(
    int lane, List<Run> runs, @Nullable Gathered tail, List<Gap> gaps, long lastSequence) {

  LaneView {
    runs = List.copyOf(runs);
    gaps = List.copyOf(gaps);
  }

  static LaneView empty(int lane) {
    return new LaneView(lane, List.of(), null, List.of(), 0);
  }

  /** What the runs tell of. */
  List<Stretch> stretches() {
    return runs.stream().map(Run::stretch).toList();
  }

  /** Runs and tail, in the order of the journal. */
  List<Searchable> parts() {
    List<Searchable> parts = new ArrayList<>(runs);
    if (tail != null) {
      parts.add(tail);
    }
    return parts;
  }

  /** The part that tells of a record; null when none does. */
  @Nullable
  Searchable partWith(long sequence) {
    Gathered gathered = tail;
    if (gathered != null && gathered.stretch().holds(sequence)) {
      return gathered;
    }
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).stretch().lastSequence() < sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < runs.size() && runs.get(low).stretch().holds(sequence) ? runs.get(low) : null;
  }

  /**
   * Adds the gaps that a cycle's stretches leave.
   *
   * @param stretches in the order of the journal, none overlapping another
   * @param end where the last of them should end
   */
  static void addGaps(List<Gap> gaps, int cycle, List<Stretch> stretches, long end) {
    long at = 0;
    boolean ended = false;
    for (Stretch stretch : stretches) {
      if (stretch.fromOffset() > at) {
        gaps.add(new Gap(cycle, at, stretch.fromOffset()));
      }
      at = stretch.toOffset();
      ended = stretch.endsCycle();
    }
    if (!ended && at < end) {
      gaps.add(new Gap(cycle, at, end));
    }
  }
}
