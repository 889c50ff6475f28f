package dev.weir.metering.explorer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Sorting by bytes gives the order that comparing gives, ties in their first order. */
class IndexSortPropertyTest {

  private static final int ROUNDS = 300;
  private static final int PLACES_MAX = 2_000;

  @Test
  void bytesGiveTheOrderOfNumbers() {
    long seed = Long.getLong("weir.sort.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      int count = random.nextInt(PLACES_MAX);
      long[] first = numbers(random, count);
      long[] second = numbers(random, count);
      List<IntToLongFunction> columns = List.of(i -> first[i], i -> second[i]);
      int[] expected = IntStream.range(0, count)
          .boxed()
          .sorted(
              Comparator.<Integer>comparingLong(i -> first[i]).thenComparingLong(i -> second[i]))
          .mapToInt(Integer::intValue)
          .toArray();
      assertArrayEquals(
          expected,
          IndexSort.sorted(count, columns),
          "-Dweir.sort.seed=" + seed + ", round " + round);
    }
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
