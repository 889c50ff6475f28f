package dev.weir.metering.simulation;

import java.util.SplittableRandom;

/**
 * How one run is: each seed leaves some kinds of trouble out and has much of others, as a run with
 * everything at once seldom gets far into anything.
 *
 * @param lossPercent requests and answers that are lost
 * @param diskFaults weight of faults of the disk among steps; and so on
 */
record Swarm(
    int lossPercent,
    int diskFaults,
    int fullDisks,
    int storeFaults,
    int crashes,
    int clockJumps,
    int meterChanges,
    int corrections,
    int batchBytesMax,
    int queuedRequestsMax,
    int horizonDays,
    int volumeIdentities) {

  static Swarm of(SplittableRandom random) {
    return new Swarm(
        some(random, 30),
        some(random, 6),
        some(random, 2),
        some(random, 6),
        some(random, 4),
        some(random, 3),
        some(random, 3),
        some(random, 8),
        random.nextBoolean() ? 1 : 1 << 20,
        random.nextInt(3) == 0 ? 2 : 100,
        random.nextInt(3) == 0 ? 1 : 35,
        random.nextInt(3) == 0 ? 1_000 : 2 + random.nextInt(12));
  }

  private static int some(SplittableRandom random, int max) {
    return random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(max);
  }
}
