package dev.weir.metering.explorer;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunMerge;
import dev.weir.metering.explorer.run.Stretch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which runs of a cycle to merge next. While the cycle goes on, sixteen of those that are not merged, as
 * soon as there are so many in a row: each entry is written again once, a search meets few runs, and no
 * merge takes longer than a second or so beside ingest. When the cycle has ended, all into one; where
 * those are too many at once, rows of about one size before, so that an entry is written again once for
 * every sixteenfold growth. Pure.
 */
final class MergeChoice {

  static final int WIDTH = 16;

  /** Half as many again have been written while the first were to be merged. */
  static final int LATE = WIDTH + WIDTH / 2;

  private MergeChoice() {}

  /**
   * The runs to merge, which lie next to each other; empty when there is nothing to do.
   *
   * @param runs of one cycle, in the order of the journal
   * @param recordsMax of a run that is not merged
   */
  static List<Run> next(List<Run> runs, int recordsMax) {
    Row row = next(runs.stream().map(Run::stretch).toList(), recordsMax, RunMerge.RUNS_MAX);
    return runs.subList(row.from(), row.to());
  }

  /** Of some runs those that lie next to each other. */
  record Row(int from, int to) {

    static final Row NONE = new Row(0, 0);
  }

  /** The same of what the runs tell of, merging at most so many. */
  static Row next(List<Stretch> stretches, int recordsMax, int runsMax) {
    boolean whole = isWhole(stretches);
    if (whole && stretches.size() <= runsMax) {
      return stretches.size() > 1 ? new Row(0, stretches.size()) : Row.NONE;
    }
    int from = 0;
    for (int i = 0; i < stretches.size(); i++) {
      int size = size(stretches.get(i), recordsMax);
      boolean goesOn = i > from
          && isNext(stretches.get(i - 1), stretches.get(i))
          && size == size(stretches.get(from), recordsMax);
      from = goesOn ? from : i;
      if (i - from + 1 == WIDTH && (whole || size == 0)) {
        return new Row(from, i + 1);
      }
    }
    return whole ? new Row(0, runsMax) : Row.NONE;
  }

  /**
   * Whether merging does not keep up: a cycle has too many runs that are not merged, or more cycles than the
   * last that ended have more than one.
   *
   * @param stretches of what the runs tell, in the order of the journal
   */
  static boolean isLate(List<Stretch> stretches, int recordsMax) {
    Map<Integer, List<Stretch>> cycles =
        stretches.stream().collect(groupingBy(Stretch::cycle, TreeMap::new, toList()));
    long unmerged = cycles.values().stream()
        .limit(Math.max(0, cycles.size() - 1))
        .filter(ofCycle -> ofCycle.size() > 1)
        .count();
    return unmerged > 1
        || cycles.values().stream().anyMatch(ofCycle -> unmerged(ofCycle, recordsMax) >= LATE);
  }

  private static long unmerged(List<Stretch> stretches, int recordsMax) {
    return stretches.stream().filter(stretch -> size(stretch, recordsMax) == 0).count();
  }

  private static boolean isNext(Stretch before, Stretch stretch) {
    return stretch.fromOffset() == before.toOffset();
  }

  /** How many times a run is sixteen times as large as one that is not merged. */
  private static int size(Stretch stretch, int recordsMax) {
    int size = 0;
    for (long rest = stretch.records() / recordsMax; rest > 1; rest /= WIDTH) {
      size++;
    }
    return size;
  }

  private static boolean isWhole(List<Stretch> stretches) {
    for (int i = 1; i < stretches.size(); i++) {
      if (!isNext(stretches.get(i - 1), stretches.get(i))) {
        return false;
      }
    }
    return !stretches.isEmpty()
        && stretches.get(0).fromOffset() == 0
        && stretches.get(stretches.size() - 1).endsCycle();
  }
}
