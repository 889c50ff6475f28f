package dev.weir.metering.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GrainRangesPropertyTest {

  private static final int MINUTES = 12 * 1_440;
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static Instant at(long minute) {
    return START.plusSeconds(minute * 60);
  }

  private static RollupState state(Random random) {
    long hours = random.nextInt(MINUTES / 60);
    long days = random.nextInt((int) hours / 24 + 1);
    return new RollupState(at(hours * 60), at(days * 1_440), at(0));
  }

  private static long minutes(Instant from, Instant to) {
    return (to.getEpochSecond() - from.getEpochSecond()) / 60;
  }

  /** Boundaries as queries have them: on whole minutes, hours, half hours or days. */
  private static List<Instant> cuts(Random random) {
    int grain = new int[] {1, 15, 30, 60, 1_440}[random.nextInt(5)];
    TreeSet<Instant> cuts = new TreeSet<>();
    int count = 2 + random.nextInt(grain == 1 ? 4 : 30);
    while (cuts.size() < count && cuts.size() < MINUTES / grain) {
      cuts.add(at((long) random.nextInt(MINUTES / grain) * grain));
    }
    return List.copyOf(cuts);
  }

  @Test
  void rangesTileTheTimeAskedForAndNoneLiesAcrossACut() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      RollupState state = state(random);
      List<Instant> cuts = cuts(random);
      boolean withBefore = random.nextBoolean();
      GrainRanges ranges = GrainRanges.between(state, cuts, withBefore);
      String what = "seed " + seed + ": " + state + " " + cuts;
      List<GrainRanges.Range> all = new ArrayList<>();
      for (Grain grain : Grain.values()) {
        for (GrainRanges.Range range : ranges.of(grain)) {
          all.add(range);
          Instant from = range.from();
          if (from != null) {
            assertEquals(0, minutes(START, from) % grain.minutes(), what);
          }
          assertEquals(0, minutes(START, range.to()) % grain.minutes(), what);
          Instant kept = switch (grain) {
            case MINUTE -> Instant.MAX;
            case HOUR -> state.hoursTo();
            case DAY -> state.daysTo();
          };
          assertFalse(range.to().isAfter(kept), what);
          assertWindowsBetweenCuts(grain, range, cuts, what);
        }
      }
      all.sort(java.util.Comparator.comparing(
          range -> range.from() == null ? Instant.MIN : range.from()));
      assertEquals(withBefore ? null : cuts.get(0), all.get(0).from(), what);
      for (int i = 1; i < all.size(); i++) {
        assertEquals(all.get(i - 1).to(), all.get(i).from(), what);
      }
      assertEquals(cuts.get(cuts.size() - 1), all.get(all.size() - 1).to(), what);
    }
  }

  /** A cut inside a range of hours or days lies between two of its windows. */
  private static void assertWindowsBetweenCuts(
      Grain grain, GrainRanges.Range range, List<Instant> cuts, String what) {
    for (Instant cut : cuts) {
      boolean inside =
          (range.from() == null || cut.isAfter(range.from())) && cut.isBefore(range.to());
      if (inside) {
        assertEquals(0, minutes(START, cut) % grain.minutes(), what);
      }
    }
  }

  @Test
  void theCheapestWindowsAreTaken() {
    RollupState state = new RollupState(at(5 * 1_440 + 600), at(5 * 1_440), at(0));
    GrainRanges ranges = GrainRanges.whole(state, at(1_440 + 61), at(5 * 1_440 + 700));
    assertEquals(
        List.of(new GrainRanges.Range(at(2 * 1_440), at(5 * 1_440))), ranges.of(Grain.DAY));
    assertEquals(
        List.of(
            new GrainRanges.Range(at(1_440 + 120), at(2 * 1_440)),
            new GrainRanges.Range(at(5 * 1_440), at(5 * 1_440 + 600))),
        ranges.of(Grain.HOUR));
    assertEquals(
        List.of(
            new GrainRanges.Range(at(1_440 + 61), at(1_440 + 120)),
            new GrainRanges.Range(at(5 * 1_440 + 600), at(5 * 1_440 + 700))),
        ranges.of(Grain.MINUTE));
  }

  @Test
  void minutesThatAreGoneAreMissedOnlyWhereTheyAreNeeded() {
    RollupState state = new RollupState(at(9 * 1_440), at(9 * 1_440), at(4 * 1_440));
    assertNull(GrainRanges.whole(state, at(0), at(9 * 1_440)).missing());
    assertNull(GrainRanges.whole(state, at(60), at(4 * 1_440 + 1)).missing());
    assertNull(GrainRanges.whole(state, null, at(4 * 1_440 + 1)).missing());
    assertEquals(at(61), GrainRanges.whole(state, at(61), at(9 * 1_440)).missing());
    assertEquals(at(120), GrainRanges.whole(state, at(60), at(121)).missing());
    assertEquals(at(3), GrainRanges.minutes(state, at(3), at(5 * 1_440)).missing());
  }
}
