package dev.weir.metering.backfill;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A thread that works on one backfill after the other. */
final class BackfillWorker extends PatientThread {

  private static final long LATER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final BackfillRun.Surroundings around;
  private final BackfillQueue queue;
  private final BackfillSwitch ends;
  private final Runnable afterwards;

  /**
   * @param afterwards run whenever a backfill is left, ended or not
   */
  BackfillWorker(
      int number,
      BackfillRun.Surroundings around,
      BackfillQueue queue,
      BackfillSwitch ends,
      Runnable afterwards) {
    super("weir-backfill-" + number);
    this.around = around;
    this.queue = queue;
    this.ends = ends;
    this.afterwards = afterwards;
  }

  @Override
  long work() {
    Optional<Backfill> taken = queue.take();
    if (taken.isEmpty()) {
      return idle();
    }
    Backfill backfill = taken.get();
    try {
      BackfillRun run = new BackfillRun(around, ends, this::isStopping, backfill);
      return run.run() ? 0 : LATER_NANOS;
    } finally {
      queue.release(backfill);
      afterwards.run();
    }
  }
}
