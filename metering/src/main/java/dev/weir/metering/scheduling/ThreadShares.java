package dev.weir.metering.scheduling;

import dev.weir.metering.scheduling.Scheduling.SystemThread;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What threads get of the processor: a share for good; or little as long as their work is in time, and more
 * when it is not. Whether it is, a thread of the usual priority asks: who gets next to nothing would find out
 * too late. Thread-safe.
 */
final class ThreadShares {

  /** Of all threads; the operating system knows one process. */
  static final ThreadShares OF_PROCESS = new ThreadShares(new LinuxScheduling(), System::nanoTime);

  private static final Logger LOG = LoggerFactory.getLogger(ThreadShares.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Bursts of Weir's own threads are shorter; who gets nothing for as long gets nothing because of others. */
  private static final long STARVING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Who has had less within that starves: what is left where others fill the processors is 2 ms. */
  private static final long RUNS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Scheduling scheduling;
  private final LongSupplier nanoClock;
  private final Crowding crowding;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private @Nullable Thread watcher;

  /** A thread whose work may be late. */
  private final class Member {
    private final SystemThread thread;
    private final Terms terms;
    private final BooleanSupplier late;
    private Share share;
    private long nanosRun = Scheduling.NOT_WAITING;
    private long ranAt;
    private boolean failed;
    private boolean ended;

    Member(SystemThread thread, Terms terms, BooleanSupplier late) {
      this.thread = thread;
      this.terms = terms;
      this.late = late;
      this.share = terms.late();
    }

    synchronized boolean isIdle() {
      return share.isIdle() && !ended;
    }

    /** Whether it wants the processor and has hardly had it for long, as far as looks tell. */
    synchronized boolean isStarving(long now) {
      long run = isIdle() ? scheduling.nanosRun(thread) : Scheduling.NOT_WAITING;
      if (run == Scheduling.NOT_WAITING
          || nanosRun == Scheduling.NOT_WAITING
          || run - nanosRun >= RUNS_NANOS) {
        nanosRun = run;
        ranAt = now;
      }
      return now - ranAt >= STARVING_NANOS;
    }

    synchronized void look(boolean crowded) {
      if (!ended) {
        // Asked in any case: who is asked may have to remember when.
        boolean behind = isLate();
        boolean raised = behind || (crowded && terms.inTime().isIdle());
        take(raised ? terms.late() : terms.inTime());
      }
    }

    /** Before the thread ends, as another one may get its number; what is left to do is waited for. */
    synchronized void end() {
      ended = true;
      take(terms.late());
    }

    private void take(Share wanted) {
      if (wanted != share && scheduling.give(thread, wanted)) {
        share = wanted;
      }
    }

    private boolean isLate() {
      try {
        return late.getAsBoolean();
      } catch (RuntimeException | Error e) {
        if (!failed) {
          LOG.warn("whether the work of a thread is late cannot be told: it counts as late", e);
        }
        failed = true;
        return true;
      }
    }
  }

  /**
   * @param nanoClock as {@link System#nanoTime}
   */
  ThreadShares(Scheduling scheduling, LongSupplier nanoClock) {
    this.scheduling = scheduling;
    this.nanoClock = nanoClock;
    this.crowding = new Crowding(LOOK_NANOS, nanoClock.getAsLong());
  }

  /** The calling thread has this share from now on, where the system allows it. */
  void give(Share share) {
    SystemThread thread = scheduling.current();
    if (thread != null) {
      scheduling.give(thread, share);
    }
  }

  /** Works in the calling thread: with little as long as that is in time, if somebody looks. */
  void run(Runnable work, Terms terms, BooleanSupplier late) {
    SystemThread thread = scheduling.current();
    // Who may not get this little back must not be lowered any further.
    if (thread == null
        || !scheduling.give(thread, terms.probe())
        || !scheduling.give(thread, terms.late())) {
      work.run();
      return;
    }
    Member member = new Member(thread, terms, late);
    members.add(member);
    LockSupport.unpark(watcher());
    try {
      work.run();
    } finally {
      members.remove(member);
      member.end();
    }
  }

  /** Has a thread look for good; it is of the caller's priority, as all threads are of who starts them. */
  synchronized void watch() {
    if (watcher == null) {
      Thread thread = new Thread(this::lookOn, "weir-thread-shares");
      thread.setDaemon(true);
      thread.start();
      watcher = thread;
    }
  }

  private synchronized @Nullable Thread watcher() {
    return watcher;
  }

  private void lookOn() {
    while (true) {
      try {
        look();
      } catch (RuntimeException | Error e) {
        // Memory may be short for a moment: the next look gives what this one could not.
        LOG.debug("threads could not be looked after", e);
      }
      if (members.isEmpty()) {
        LockSupport.park();
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /** Gives each its share. For one thread. */
  void look() {
    long now = nanoClock.getAsLong();
    boolean idle = false;
    boolean starving = false;
    for (Member member : members) {
      idle |= member.isIdle();
      starving |= member.isStarving(now);
    }
    boolean crowded = crowding.look(now, idle, starving);
    for (Member member : members) {
      member.look(crowded);
    }
  }
}
