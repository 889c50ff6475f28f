package dev.weir.metering.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyPresencePropertyTest {

  private static final long DAY = Duration.ofDays(1).toNanos();
  private static final int DAYS = 12;

  private static KeyOperation operation(int key, long time, boolean removes, boolean byDay) {
    long day = time - time % DAY;
    return new KeyOperation(
        new UUID(0, key), time, removes, byDay ? (removes ? day + DAY : day) : time);
  }

  private static Set<KeyOperation> operations(Random random, boolean byDay) {
    Set<KeyOperation> operations = new HashSet<>();
    for (int i = random.nextInt(25); i > 0; i--) {
      // Eight times a day, so that many are the same, and some where days begin.
      long time = random.nextInt(8 * DAYS) * (DAY / 8);
      operations.add(operation(random.nextInt(3), time, random.nextBoolean(), byDay));
    }
    return operations;
  }

  private static List<Instant> cuts(int from, int count, long nanos) {
    List<Instant> cuts = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      cuts.add(Instant.EPOCH.plusNanos(from * DAY + i * nanos));
    }
    return cuts;
  }

  private static List<BigDecimal> integrals(Set<KeyOperation> operations, List<Instant> cuts) {
    Map<Integer, LevelMean.Sums> sums = KeyPresence.sums(operations, cuts);
    assertTrue(sums.keySet().stream().allMatch(i -> i >= 0 && i < cuts.size()), sums.toString());
    BigDecimal level = sums.getOrDefault(0, LevelMean.Sums.NONE).sum();
    List<BigDecimal> integrals = new ArrayList<>();
    for (int i = 1; i < cuts.size(); i++) {
      LevelMean.Sums of = sums.getOrDefault(i, LevelMean.Sums.NONE);
      integrals.add(LevelMean.integral(level, of, cuts.get(i - 1), cuts.get(i)));
      level = level.add(of.sum());
    }
    return integrals;
  }

  /** Whether a key is there just after all that happened up to a time. */
  private static boolean isPresent(Set<KeyOperation> operations, int key, long time) {
    boolean present = false;
    for (KeyOperation operation : new TreeSet<>(operations.stream()
        .filter(o -> o.key().equals(new UUID(0, key)) && o.timeNanos() <= time)
        .toList())) {
      present = !operation.removes();
    }
    return present;
  }

  @Test
  void byDaysAKeyCountsForEachDayOnWhichItWasPresentAtAll() {
    long seed = 20_261_125;
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      Set<KeyOperation> operations = operations(random, true);
      int from = random.nextInt(4);
      List<BigDecimal> expected = new ArrayList<>();
      for (int day = from; day < DAYS + 2; day++) {
        long start = day * DAY;
        long present = 0;
        for (int key = 0; key < 3; key++) {
          UUID id = new UUID(0, key);
          boolean isAdded = operations.stream()
              .anyMatch(o -> o.key().equals(id)
                  && !o.removes()
                  && o.timeNanos() >= start
                  && o.timeNanos() < start + DAY);
          present += isAdded || isPresent(operations, key, start - 1) ? 1 : 0;
        }
        expected.add(BigDecimal.valueOf(present * DAY));
      }
      assertEquals(
          expected,
          integrals(operations, cuts(from, DAYS + 2 - from, DAY)),
          "seed %d, run %d: %s".formatted(seed, run, operations));
    }
  }

  @Test
  void otherwiseAKeyCountsForAsLongAsItIsPresent() {
    long seed = 20_261_126;
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      Set<KeyOperation> operations = operations(random, false);
      int from = random.nextInt(4);
      // Between the times at which something happens nothing changes.
      long[] expected = new long[8 * (DAYS - from)];
      for (int i = 0; i < expected.length; i++) {
        for (int key = 0; key < 3; key++) {
          expected[i] += isPresent(operations, key, from * DAY + i * (DAY / 8)) ? DAY / 8 : 0;
        }
      }
      String what = "seed %d, run %d: %s".formatted(seed, run, operations);
      List<BigDecimal> found = integrals(operations, cuts(from, expected.length, DAY / 8));
      assertEquals(Arrays.stream(expected).mapToObj(BigDecimal::valueOf).toList(), found, what);
      // What a range is split into adds up to it.
      assertEquals(
          found.stream().reduce(BigDecimal.ZERO, BigDecimal::add),
          integrals(operations, cuts(from, 1, (DAYS - from) * DAY)).get(0),
          what);
    }
  }

  @Test
  void theStoredFormKeepsAllAndSortsAsOperationsTakeEffect() {
    long seed = 20_261_127;
    Random random = new Random(seed);
    for (int run = 0; run < 1_000; run++) {
      KeyOperation one = operation(0, random.nextLong(3) * DAY, random.nextBoolean(), true);
      KeyOperation other = operation(0, random.nextLong(3) * DAY, random.nextBoolean(), true);
      assertEquals(one, KeyOperation.of(one.bytes()));
      assertEquals(33, one.bytes().length);
      assertEquals(
          Integer.signum(one.compareTo(other)),
          Integer.signum(Arrays.compareUnsigned(one.bytes(), other.bytes())),
          one + " " + other);
    }
  }

  @Test
  void rangesMayReachBeyondWhatNanosecondsCanSay() {
    List<Instant> cuts =
        List.of(Instant.MIN, Instant.EPOCH, Instant.parse("9998-01-01T00:00:00Z"), Instant.MAX);
    Set<KeyOperation> operations = Set.of(operation(0, DAY, false, false));
    assertEquals(Set.of(2), KeyPresence.sums(operations, cuts).keySet());
  }
}
