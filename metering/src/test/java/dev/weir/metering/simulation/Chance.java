package dev.weir.metering.simulation;

import java.util.SplittableRandom;

/** Choices that a seed makes. */
final class Chance {

  private Chance() {}

  /** Any of these. */
  static <T> T any(SplittableRandom random, T[] from) {
    return from[random.nextInt(from.length)];
  }

  /** A place in the array, as probable as the weight there. */
  static int weighted(SplittableRandom random, int[] weights) {
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    int at = random.nextInt(total);
    int chosen = 0;
    while (at >= weights[chosen]) {
      at -= weights[chosen++];
    }
    return chosen;
  }
}
