package dev.weir.metering.scheduling;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** {@link Arrears} of who follows several lanes: in sum, a lane far behind would not be seen. Thread-safe. */
public final class LaneArrears {

  private final LongSupplier nanoClock;
  private final long allowedNanos;
  private final Map<Integer, Arrears> lanes = new ConcurrentHashMap<>();

  /**
   * @param nanoClock as {@link System#nanoTime}
   * @param allowedNanos how long work may take to come to where what it follows was
   */
  public LaneArrears(LongSupplier nanoClock, long allowedNanos) {
    this.nanoClock = nanoClock;
    this.allowedNanos = allowedNanos;
  }

  /**
   * Whether the work is late in one lane. Must be asked of all each time: what is remembered of a lane is when it
   * was asked.
   *
   * @param due how far the lane is; never goes back
   * @param done how far the work is in it
   */
  public boolean late(int lane, long due, long done) {
    return lanes
        .computeIfAbsent(lane, number -> new Arrears(nanoClock, allowedNanos))
        .late(due, done);
  }
}
