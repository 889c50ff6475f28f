package dev.weir.metering.ingest;

import dev.weir.metering.Invariant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How a lane gathers requests that one flush is for. A flush of a few requests takes a processor and the
 * device as long as one of many, so that while requests come faster than flushes end, flushes begin no
 * closer to each other than {@code spacingNanos}: what they save, everything else on few cores has. A
 * flush whose predecessor was for a single request begins at once, so that a lone client never waits.
 *
 * @param bytesMax of records, after which a lane gathers no more
 * @param spacingNanos from the beginning of a flush to the next, at the least; 0 for none
 */
public record GroupCommit(int bytesMax, long spacingNanos) {

  /** A request of this size takes so long by itself that others gather behind it in any case. */
  private static final int LARGE_BYTES = 64 * 1024;

  public static final GroupCommit DEFAULT =
      new GroupCommit(4 << 20, TimeUnit.MICROSECONDS.toNanos(400));

  public GroupCommit {
    Invariant.check(bytesMax > 0, "a flush is for something");
    Invariant.check(spacingNanos >= 0, "flushes cannot overlap");
  }

  /** Flushes begin as soon as there is something. */
  public static GroupCommit unspaced(int bytesMax) {
    return new GroupCommit(bytesMax, 0);
  }

  /** When the next flush of one lane may begin; confined to the lane's thread. */
  static final class Pace {

    private final GroupCommit rule;
    private final LongSupplier nanos;
    private final LongConsumer pause;
    private long begunNanos;
    private int requests;

    /**
     * @param nanos a clock as {@link System#nanoTime}
     * @param pause lets so many nanoseconds pass, or fewer
     */
    Pace(GroupCommit rule, LongSupplier nanos, LongConsumer pause) {
      this.rule = rule;
      this.nanos = nanos;
      this.pause = pause;
    }

    static Pace of(GroupCommit rule) {
      return new Pace(rule, System::nanoTime, LockSupport::parkNanos);
    }

    /** Whether a lane gathers no more beside so many bytes. */
    boolean isFull(long gatheredBytes) {
      return gatheredBytes >= rule.bytesMax;
    }

    /** Waits until a flush of what has gathered may begin; false when it may at once. */
    boolean await(long gatheredBytes) {
      boolean crowded = requests > 1 && gatheredBytes < LARGE_BYTES;
      long wait = crowded ? begunNanos + rule.spacingNanos - nanos.getAsLong() : 0;
      if (wait <= 0) {
        return false;
      }
      pause.accept(wait);
      return true;
    }

    /** A flush for so many requests begins. */
    void begins(int ofRequests) {
      begunNanos = nanos.getAsLong();
      requests = ofRequests;
    }
  }
}
