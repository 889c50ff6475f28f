package dev.weir.metering.background;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What background threads get of the processor: a tenth of what others get; or what those leave as long as
 * the work is in time. Whether it is, a thread of the usual priority asks: who gets next to nothing would find
 * out too late. Thread-safe.
 */
final class BackgroundShares {

  /** Of all background threads; the operating system knows one process. */
  static final BackgroundShares OF_PROCESS = new BackgroundShares(new LinuxScheduling());

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundShares.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Scheduling scheduling;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private @Nullable Thread watcher;

  /** A thread whose work may be late. */
  private final class Member {
    private final int thread;
    private final BooleanSupplier late;
    private Share share = Share.TENTH;
    private boolean failed;
    private boolean ended;

    Member(int thread, BooleanSupplier late) {
      this.thread = thread;
      this.late = late;
    }

    synchronized void look() {
      if (!ended) {
        take(isLate() ? Share.TENTH : Share.LEFT_OVER);
      }
    }

    /** Before the thread ends, as another one may get its number; what is left to do is waited for. */
    synchronized void end() {
      ended = true;
      take(Share.TENTH);
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
          LOG.warn("whether work in the background is late cannot be told: it counts as late", e);
        }
        failed = true;
        return true;
      }
    }
  }

  BackgroundShares(Scheduling scheduling) {
    this.scheduling = scheduling;
  }

  /** Works in the calling thread, with a tenth. */
  void run(Runnable work) {
    int thread = scheduling.thread();
    if (thread != Scheduling.UNKNOWN) {
      scheduling.give(thread, Share.TENTH);
    }
    work.run();
  }

  /** Works in the calling thread: with what is left if somebody looks, and with a tenth while it is late. */
  void run(Runnable work, BooleanSupplier late) {
    int thread = scheduling.thread();
    // Who may not get this little back must not be lowered any further.
    if (thread == Scheduling.UNKNOWN
        || !scheduling.give(thread, Share.LESS_THAN_A_TENTH)
        || !scheduling.give(thread, Share.TENTH)) {
      work.run();
      return;
    }
    Member member = new Member(thread, late);
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
      Thread thread = new Thread(this::lookOn, "weir-background-shares");
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
      look();
      if (members.isEmpty()) {
        LockSupport.park();
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /** Gives each its share. */
  void look() {
    members.forEach(Member::look);
  }
}
