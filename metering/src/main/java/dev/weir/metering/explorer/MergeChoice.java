package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunMerge;
import dev.weir.metering.explorer.run.Stretch;
import java.util.List;

/**
 * Which runs of a cycle to merge next: those of an ended cycle into one, and before that runs of about
 * one size as soon as there are {@value #WIDTH} in a row. So each entry is written again once for every
 * sixteenfold growth of its cycle, and a search meets few runs. Pure.
 */
final class MergeChoice {

  static final int WIDTH = 16;

  private MergeChoice() {}

  /**
   * The runs to merge, which lie next to each other; empty when there is nothing to do.
   *
   * @param runs of one cycle, in the order of the journal
   * @param recordsMax of a run that is not merged
   */
  static List<Run> next(List<Run> runs, int recordsMax) {
    List<Stretch> stretches = runs.stream().map(Run::stretch).toList();
    int from = 0;
    for (int i = 0; i < stretches.size(); i++) {
      boolean goesOn = i > from
          && isNext(stretches.get(i - 1), stretches.get(i))
          && size(stretches.get(i), recordsMax) == size(stretches.get(from), recordsMax);
      from = goesOn ? from : i;
      if (i - from + 1 == WIDTH) {
        return runs.subList(from, i + 1);
      }
    }
    return runs.size() > 1 && isWhole(stretches)
        ? runs.subList(0, Math.min(runs.size(), RunMerge.RUNS_MAX))
        : List.of();
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
    return stretches.get(0).fromOffset() == 0
        && stretches.get(stretches.size() - 1).endsCycle();
  }
}
