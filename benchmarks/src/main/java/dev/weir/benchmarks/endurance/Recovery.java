package dev.weir.benchmarks.endurance;

import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import java.util.Locale;

/**
 * How long after an overload a server is as it was: the start of the first of three seconds in a row in
 * which everything due at half of its capacity is acknowledged, 99 % of it within {@link #WELL_MICROS}.
 *
 * @param seconds from when nothing of the overload was due any more; negative if it did not recover
 *     while it was looked after
 */
record Recovery(double seconds, long eventsPerSecond) {

  static final long WELL_MICROS = 250_000;
  private static final int WELL_IN_A_ROW = 3;
  private static final long LOOK_MILLIS = 1_000;
  private static final double NANOS = 1e9;

  /**
   * Sends at a rate, a second each time, until it is answered well or the time is over.
   *
   * @param ended when the overload was over, by {@link System#nanoTime}
   */
  static Recovery await(ServerUnderLoad server, LoadPlan plan, long ended, long secondsMax)
      throws InterruptedException {
    long wellSince = System.nanoTime();
    int well = 0;
    while (seconds(ended, wellSince) <= secondsMax) {
      LoadResult result = server.run(plan.lasting(0, LOOK_MILLIS), () -> {});
      well = isWell(result) ? well + 1 : 0;
      if (well == WELL_IN_A_ROW) {
        return new Recovery(seconds(ended, wellSince), plan.eventsPerSecond());
      }
      wellSince = well == 0 ? System.nanoTime() : wellSince;
    }
    return new Recovery(-1, plan.eventsPerSecond());
  }

  private static boolean isWell(LoadResult result) {
    return result.wanted() == result.due()
        && result.latencies().getValueAtPercentile(99) <= WELL_MICROS;
  }

  private static double seconds(long from, long to) {
    return (to - from) / NANOS;
  }

  boolean happened() {
    return seconds >= 0;
  }

  String text() {
    String rate = String.format(Locale.ROOT, "%,d events/s", eventsPerSecond);
    return happened()
        ? String.format(
            Locale.ROOT,
            "Well again after %.1f s: from then on %s were acknowledged, 99 %% within 250 ms.",
            seconds,
            rate)
        : "It did not recover: " + rate + " were not acknowledged as they should be.";
  }
}
