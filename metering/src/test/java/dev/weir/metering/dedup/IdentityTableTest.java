package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.openhft.chronicle.core.OS;
import org.junit.jupiter.api.Test;

class IdentityTableTest {

  private static List<Integer> candidates(IdentityTable table, long high) {
    List<Integer> found = new ArrayList<>();
    for (int volume = table.first(high); volume != 0; volume = table.next()) {
      found.add(volume);
    }
    found.sort(Integer::compare);
    return found;
  }

  /** What a table of this tag width must answer, by a map from the first 44 bits. */
  private static final class Model {
    private final Map<Long, List<Integer>> volumes = new HashMap<>();

    void add(long high, int volume) {
      volumes.computeIfAbsent(high >>> 20, tag -> new ArrayList<>()).add(volume);
    }

    void forget(int volume) {
      volumes.values().forEach(found -> found.removeIf(each -> each == volume));
    }

    List<Integer> candidates(long high) {
      List<Integer> found = new ArrayList<>(volumes.getOrDefault(high >>> 20, List.of()));
      found.sort(Integer::compare);
      return found;
    }
  }

  /** A high word in this part, with one of so many tags that are spread as hashes are. */
  private static long high(long part, long number) {
    long tag = number * 0x9e3779b97L;
    return (part << 56) | ((tag << 28) >>> 8);
  }

  @Test
  void itAnswersAsAMapDoesWhileVolumesComeAndGo() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      long parts = seed % 4 == 0 ? 1 : IdentityTable.PARTS;
      Model model = new Model();
      Set<Integer> live = new HashSet<>();
      try (IdentityTable table = new IdentityTable(random.nextInt(20_000))) {
        int volume = table.take();
        live.add(volume);
        for (int i = 0; i < 30_000; i++) {
          long high = high(random.nextLong(parts), random.nextLong(30_000));
          assertEquals(model.candidates(high), candidates(table, high), "seed " + seed);
          if (random.nextBoolean()) {
            table.insert(volume);
          } else {
            table.add(high, volume);
          }
          model.add(high, volume);
          if (random.nextInt(500) == 0) {
            volume = table.take();
            assertTrue(live.add(volume), "seed " + seed + ": number " + volume);
          }
          if (random.nextInt(600) == 0 && live.size() > 1) {
            int kept = volume;
            int gone = live.stream().filter(other -> other != kept).findAny().orElseThrow();
            table.forget(gone);
            model.forget(gone);
            live.remove(gone);
          }
          table.sweep(random.nextInt(4));
        }
      }
    }
  }

  @Test
  void whileAPartGrowsItIsAnsweredFromBothArraysAndForgottenFromBoth() {
    for (int volumes = 1; volumes <= 3; volumes++) {
      try (IdentityTable table = new IdentityTable(0)) {
        Model model = new Model();
        int moving = 0;
        long next = 0;
        for (; next < 20_000 || !table.isMoving(9); next++) {
          // In one part, whose arrays are large enough to be cleared and emptied in many steps.
          long high = high(9, next);
          assertEquals(0, table.first(high));
          int volume = 1 + (int) (next % volumes);
          if (next < volumes) {
            assertEquals(volume, table.take());
          }
          table.insert(volume);
          model.add(high, volume);
          long[] known = {high(9, 0), high(9, next / 2), high};
          for (long each : known) {
            assertEquals(model.candidates(each), candidates(table, each), "after " + next);
          }
          moving += table.isMoving(9) ? 1 : 0;
        }
        assertTrue(moving > 100, "steps while it grew " + moving);
        long last = next;
        table.forget(1);
        model.forget(1);
        for (long i = 0; i < last; i++) {
          assertEquals(model.candidates(high(9, i)), candidates(table, high(9, i)), "of " + i);
        }
        table.sweep(IdentityTable.PARTS);
        for (long i = 0; i < last; i++) {
          assertEquals(model.candidates(high(9, i)), candidates(table, high(9, i)), "of " + i);
        }
      }
    }
  }

  @Test
  void aPartThatIsFullOfWhatIsDeadTakesNewIdentities() {
    long full = 0;
    try (IdentityTable table = new IdentityTable(0)) {
      table.take();
      while (full < 30_000 || !table.isMoving(9)) {
        table.add(high(9, full++), 1);
      }
    }
    // With the sizes that it had before, at any moment of its growth.
    for (long before = 40; before >= 0; before--) {
      try (IdentityTable table = new IdentityTable(0)) {
        Model model = new Model();
        table.take();
        for (long i = 0; i < full - before; i++) {
          table.add(high(9, i), 1);
        }
        table.forget(1);
        int volume = table.take();
        for (long i = full; i < full + 2_000; i++) {
          assertEquals(0, table.first(high(9, i)));
          table.insert(volume);
          model.add(high(9, i), volume);
        }
        for (long i = full; i < full + 2_000; i++) {
          assertEquals(model.candidates(high(9, i)), candidates(table, high(9, i)));
        }
      }
    }
  }

  @Test
  void whatIsForgottenLeavesNothingBehind() {
    try (IdentityTable table = new IdentityTable(0)) {
      Random random = new Random(3);
      long empty = table.bytes();
      List<Integer> volumes = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        volumes.add(table.take());
        for (int n = 0; n < 4_000; n++) {
          table.add(random.nextLong(), volumes.get(i));
        }
      }
      long full = table.bytes();
      assertTrue(full < 200_000 * 10 + empty, "bytes " + full);
      // Forgotten in the middle of passes over the parts as well.
      for (int volume : volumes) {
        table.forget(volume);
        table.sweep(100);
      }
      table.sweep(2 * IdentityTable.PARTS);
      assertEquals(empty, table.bytes());
      assertEquals(1, table.take());
    }
  }

  @Test
  void thereAreNoMoreNumbersThanASlotHasRoomFor() {
    try (IdentityTable table = new IdentityTable(0)) {
      for (int i = 1; i <= IdentityTable.VOLUMES_MAX; i++) {
        assertEquals(i, table.take());
      }
      assertEquals(0, table.take());
      table.add(5L << 40, IdentityTable.VOLUMES_MAX);
      assertEquals(List.of(IdentityTable.VOLUMES_MAX), candidates(table, 5L << 40));
      table.forget(7);
      assertEquals(0, table.take());
      table.sweep(IdentityTable.PARTS);
      assertEquals(7, table.take());
    }
  }

  @Test
  void anIdentityTakesEightBytesAndAtMostNineAndTheLastByteIsGivenBack() {
    long before = OS.memory().nativeMemoryUsed();
    try (IdentityTable table = new IdentityTable(0)) {
      Random random = new Random(1);
      int volume = table.take();
      for (int n = 1; n <= 1 << 21; n++) {
        table.add(random.nextLong(), volume);
        if (n >= 1 << 20 && n % (1 << 17) == 0) {
          long each = table.bytes() * 100 / n;
          assertTrue(each >= 740 && each <= 850, n + " identities: " + each + " / 100 bytes each");
        }
      }
    }
    // Others may give memory back meanwhile, but nobody takes any.
    assertTrue(OS.memory().nativeMemoryUsed() <= before);
  }
}
