package dev.weir.metering.scheduling;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
  static final ThreadShares OF_PROCESS = new ThreadShares(new LinuxScheduling());

  private static final Logger LOG = LoggerFactory.getLogger(ThreadShares.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Scheduling scheduling;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private @Nullable Thread watcher;

  /** A thread whose work may be late. */
  private final class Member {
    private final int thread;
    private final Terms terms;
    private final BooleanSupplier late;
    private Share share;
    private boolean failed;
    private boolean ended;

    Member(int thread, Terms terms, BooleanSupplier late) {
      this.thread = thread;
      this.terms = terms;
      this.late = late;
      this.share = terms.late();
    }

    synchronized void look() {
      if (!ended) {
        take(isLate() ? terms.late() : terms.inTime());
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

  ThreadShares(Scheduling scheduling) {
    this.scheduling = scheduling;
  }

  /** The calling thread has this share from now on, where the system allows it. */
  void give(Share share) {
    int thread = scheduling.thread();
    if (thread != Scheduling.UNKNOWN) {
      scheduling.give(thread, share);
    }
  }

  /** Works in the calling thread: with little as long as that is in time, if somebody looks. */
  void run(Runnable work, Terms terms, BooleanSupplier late) {
    int thread = scheduling.thread();
    // Who may not get this little back must not be lowered any further.
    if (thread == Scheduling.UNKNOWN
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
