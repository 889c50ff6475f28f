package dev.weir.metering.explorer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Sorting by some bits at a time gives the order that comparing gives, ties in their first order. */
class IndexSortPropertyTest {

  private static final int ROUNDS = 300;
  private static final int PLACES_MAX = 2_000;

  @Test
  void bitsGiveTheOrderOfNumbers() {
    long seed = Long.getLong("weir.sort.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      int count = random.nextInt(PLACES_MAX);
      long[] first = numbers(random, count);
      long[] second = numbers(random, count);
      int[] expected = IntStream.range(0, count)
          .boxed()
          .sorted(
              Comparator.<Integer>comparingLong(i -> first[i]).thenComparingLong(i -> second[i]))
          .mapToInt(Integer::intValue)
          .toArray();
      IndexSort sorted = IndexSort.of(count).by(second).by(first);
      String at = "-Dweir.sort.seed=" + seed + ", round " + round;
      assertArrayEquals(expected, places(sorted), at);
      assertArrayEquals(
          IntStream.of(expected).mapToLong(i -> first[i]).toArray(), numbers(sorted), at);
    }
  }

  @Test
  void goesOnFromAnotherOrderWithoutTheLowestBits() {
    long seed = Long.getLong("weir.sort.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      int count = random.nextInt(PLACES_MAX);
      int bits = 1 + random.nextInt(Long.SIZE - 1);
      long[] first = numbers(random, count);
      long[] second = numbers(random, count);
      IndexSort bySecond = IndexSort.of(count).by(second);
      int[] before = places(bySecond);
      IndexSort sorted = IndexSort.from(bySecond).by(first, bits);
      int[] expected = IntStream.of(before)
          .boxed()
          .sorted(Comparator.comparingLong(i -> first[i] >>> bits))
          .mapToInt(Integer::intValue)
          .toArray();
      String at = "-Dweir.sort.seed=" + seed + ", round " + round;
      assertArrayEquals(expected, places(sorted), at);
      assertArrayEquals(
          IntStream.of(expected).mapToLong(i -> first[i] >>> bits).toArray(), numbers(sorted), at);
      assertArrayEquals(before, places(bySecond), at);
    }
  }

  private static int[] places(IndexSort sorted) {
    return IntStream.range(0, sorted.count()).map(sorted::place).toArray();
  }

  private static long[] numbers(IndexSort sorted) {
    return IntStream.range(0, sorted.count()).mapToLong(sorted::number).toArray();
  }

  /** Few or many bits of them differ, and they may be negative or in order already. */
  private static long[] numbers(Random random, int count) {
    long base = random.nextLong();
    int bits = random.nextInt(Long.SIZE);
    LongStream numbers =
        IntStream.range(0, count).mapToLong(i -> base ^ (random.nextLong() >>> bits));
    return (random.nextInt(4) == 0 ? numbers.sorted() : numbers).toArray();
  }
}
