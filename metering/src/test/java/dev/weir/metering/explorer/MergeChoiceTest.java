package dev.weir.metering.explorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.explorer.run.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergeChoiceTest {

  private static final int RECORDS = 100;
  private static final int RUNS_MAX = 64;

  private final List<Stretch> runs = new ArrayList<>();

  /** Records that merges have written. */
  private long written;

  private void append(long records, boolean endsCycle) {
    Stretch last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    long sequence = last == null ? 1 : last.lastSequence() + 1;
    long offset = last == null ? 0 : last.toOffset();
    runs.add(new Stretch(
        0, 7, sequence, sequence + records - 1, offset, offset + records * 50 + 1, endsCycle));
  }

  private void mergeAll() {
    MergeChoice.Row row = MergeChoice.next(runs, RECORDS, RUNS_MAX);
    while (row.to() > row.from()) {
      merge(row);
      row = MergeChoice.next(runs, RECORDS, RUNS_MAX);
    }
  }

  private void merge(MergeChoice.Row row) {
    List<Stretch> chosen = runs.subList(row.from(), row.to());
    assertTrue(chosen.size() > 1 && chosen.size() <= RUNS_MAX, row.toString());
    Stretch first = chosen.get(0);
    Stretch last = chosen.get(chosen.size() - 1);
    Stretch merged = new Stretch(
        0,
        7,
        first.firstSequence(),
        last.lastSequence(),
        first.fromOffset(),
        last.toOffset(),
        last.endsCycle());
    written += merged.records();
    chosen.clear();
    runs.add(row.from(), merged);
  }

  @Test
  void whileACycleGoesOnEachEntryIsWrittenAgainOnce() {
    for (int i = 0; i < 1_000; i++) {
      append(RECORDS, false);
      mergeAll();
      assertTrue(written <= (i + 1L) * RECORDS, "after " + i);
      assertEquals((i + 1) / 16 + (i + 1) % 16, runs.size());
    }
  }

  @Test
  void whenACycleHasEndedItIsOneRunAndNoEntryWasWrittenOftenForThat() {
    Random random = new Random(31);
    for (int count : new int[] {1, 2, 63, 64, 65, 100, 1_000, 10_000}) {
      runs.clear();
      written = 0;
      for (int i = 1; i <= count; i++) {
        append(i % 3 == 0 ? random.nextInt(RECORDS) : RECORDS, i == count);
        if (i % 7 != 0) {
          mergeAll();
        }
      }
      long records = runs.stream().mapToLong(Stretch::records).sum();
      mergeAll();
      assertEquals(1, runs.size());
      assertEquals(records, runs.get(0).records());
      assertTrue(written <= 4 * records, count + ": " + written + " of " + records);
    }
  }

  @Test
  void whereAStretchIsMissingOnlyWhatLiesTogetherIsMerged() {
    for (int i = 0; i < 40; i++) {
      append(RECORDS, i == 39);
    }
    runs.remove(20);
    mergeAll();
    assertEquals(
        List.of(16L * RECORDS, 4L * RECORDS, 16L * RECORDS),
        List.of(runs.get(0).records(), sum(1, 5), runs.get(5).records()));
    assertEquals(9, runs.size());
  }

  private long sum(int from, int to) {
    return runs.subList(from, to).stream().mapToLong(Stretch::records).sum();
  }

  @Test
  void isLateWhenHalfOfTheNextMergeWaitsToo() {
    for (int i = 0; i < MergeChoice.LATE - 1; i++) {
      append(RECORDS, false);
    }
    assertFalse(MergeChoice.isLate(runs, RECORDS));
    append(RECORDS, false);
    assertTrue(MergeChoice.isLate(runs, RECORDS));
    mergeAll();
    assertFalse(MergeChoice.isLate(runs, RECORDS));
  }

  @Test
  void cyclesThatEndedAreLateWhenTheNextHasEndedToo() {
    List<Stretch> cycles = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      cycles.add(new Stretch(0, i, i + 1, i + 1, 0, 50, true));
    }
    assertFalse(MergeChoice.isLate(cycles, RECORDS), "one run in each");
    cycles.add(97, new Stretch(0, 97, 97, 97, 0, 0, false));
    assertFalse(MergeChoice.isLate(cycles, RECORDS), "two in one of them");
    cycles.add(new Stretch(0, 99, 101, 101, 50, 100, true));
    assertFalse(MergeChoice.isLate(cycles, RECORDS), "and two in the newest");
    cycles.add(98, new Stretch(0, 98, 98, 98, 0, 0, false));
    assertTrue(MergeChoice.isLate(cycles, RECORDS), "two in each of two that ended");
  }
}
