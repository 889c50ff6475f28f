package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.weir.metering.scheduling.Scheduling.SystemThread;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What threads get of this system. */
class LinuxSchedulingTest {

  private static final int OF_CALLER = 0;

  private final LinuxScheduling linux = new LinuxScheduling();

  private static LinuxThread here() {
    return LinuxThread.of(OF_CALLER);
  }

  private static LinuxThread await(Predicate<LinuxThread> wanted) {
    while (!wanted.test(here()) && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    return here();
  }

  /** As of the C library, which has only the first 15 letters. */
  private static LinuxThread named(String name) throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (nameOf(thread).equals(name.substring(0, 15))) {
          return LinuxThread.of(Integer.parseInt(thread.getFileName().toString()));
        }
      }
    }
    throw new AssertionError("no thread is called " + name);
  }

  private static String nameOf(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      // It has ended since.
      return "";
    }
  }

  @BeforeEach
  void onLinux() {
    assumeTrue(Platform.isLinux(), "only Linux has priorities of single threads");
    assumeTrue(
        linux.current() != null, "this Linux cannot be called, or the process has another policy");
    assumeTrue(here().nice() == 0, "the tests run with another priority than the usual");
  }

  /** Threads that nobody else makes crowded. */
  private Starter on(Terms terms, BooleanSupplier late) {
    ThreadShares shares = new ThreadShares(linux, System::nanoTime);
    shares.watch();
    return work -> new Thread(() -> shares.run(work, terms, late));
  }

  private interface Starter {
    Thread thread(Runnable work);
  }

  private static <T> T in(Starter starter, Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = starter.thread(task);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(60, TimeUnit.SECONDS);
    } finally {
      thread.interrupt();
    }
  }

  /** Whether a thread that had the one share may have the other again. */
  private boolean mayHave(Share less, Share again) throws Exception {
    return in(Thread::new, () -> {
      SystemThread thread = linux.current();
      return thread != null && linux.give(thread, less) && linux.give(thread, again);
    });
  }

  @Test
  void aBackgroundThreadGetsATenth() throws Exception {
    LinuxThread got =
        in(work -> BackgroundThread.of(work, "background"), LinuxSchedulingTest::here);
    assertEquals(10, got.nice());
    assertFalse(got.isIdle());
  }

  @Test
  void aBackgroundThreadGetsWhatIsLeftUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayHave(Share.LESS_THAN_A_TENTH, Share.TENTH);
    LinuxThread at = in(on(Terms.BACKGROUND, late::get), () -> {
      if (raised) {
        LinuxThread idle = await(LinuxThread::isIdle);
        assertTrue(
            idle.sliceNanos() == 0 || idle.sliceNanos() == Share.LEFT_OVER.sliceNanos(),
            () -> "all may wait for it at a safepoint: " + idle);
        late.set(true);
        return await(thread -> !thread.isIdle());
      }
      return here();
    });
    assertEquals(raised ? 10 : 11, at.nice(), "who may not be raised has about a tenth for good");
    assertFalse(at.isIdle());
    assertEquals(0, named("weir-thread-shares").nice(), "who is to raise others");
  }

  @Test
  void whoRunsIsToldFromWhoSleeps() throws Exception {
    AtomicReference<SystemThread> sleeping = new AtomicReference<>();
    CountDownLatch end = new CountDownLatch(1);
    Thread sleeper = new Thread(() -> {
      sleeping.set(linux.current());
      await(end);
    });
    sleeper.start();
    long nanosRun = in(Thread::new, () -> {
      SystemThread running = linux.current();
      while (sleeping.get() == null || linux.nanosRun(sleeping.get()) != Scheduling.NOT_WAITING) {
        Thread.onSpinWait();
      }
      return linux.nanosRun(running);
    });
    end.countDown();
    sleeper.join();
    assertTrue(nanosRun > 0, () -> "who asks is running: " + nanosRun);
    assertEquals(Scheduling.UNKNOWN, linux.nanosRun(new SystemThread(0, 0)), "no thread");
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aBackgroundThreadIsRaisedWhereOthersLeaveNothing() throws Exception {
    assumeTrue(
        mayHave(Share.LESS_THAN_A_TENTH, Share.TENTH), "who may not be raised is not lowered");
    int processors = Runtime.getRuntime().availableProcessors();
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch idle = new CountDownLatch(1);
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 2 * processors; i++) {
      others.add(new Thread(() -> {
        await(idle);
        while (!done.get()) {
          Thread.onSpinWait();
        }
      }));
    }
    others.forEach(Thread::start);
    LinuxThread watched;
    try {
      watched = in(on(Terms.BACKGROUND, () -> false), () -> {
        await(LinuxThread::isIdle);
        idle.countDown();
        return await(thread -> !thread.isIdle());
      });
    } finally {
      idle.countDown();
      done.set(true);
    }
    for (Thread other : others) {
      other.join();
    }
    assertEquals(10, watched.nice());
  }

  @Test
  void threadsOfEachKindAreLookedAfterInTheProcess() throws Exception {
    AtomicBoolean asked = new AtomicBoolean();
    BooleanSupplier late = () -> {
      asked.set(true);
      return true;
    };
    boolean raised = mayHave(Share.LESS_THAN_USUAL, Share.USUAL);
    LinuxThread background = in(work -> BackgroundThread.of(work, "background", late), () -> {
      await(thread -> asked.get() || !raised);
      return here();
    });
    assertTrue(background.nice() >= 10, background::toString);
    assertFalse(background.isIdle(), background::toString);
    asked.set(false);
    LinuxThread following = in(work -> FollowingThread.of(work, "following", late), () -> {
      await(thread -> asked.get() || !raised);
      return here();
    });
    assertTrue(following.nice() <= 1, following::toString);
  }

  @Test
  void aFollowingThreadGetsAThirdUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayHave(Share.LESS_THAN_USUAL, Share.USUAL);
    LinuxThread at = in(on(Terms.FOLLOWING, late::get), () -> {
      if (raised) {
        await(thread -> thread.nice() == 5);
        late.set(true);
        return await(thread -> thread.nice() == 0);
      }
      return here();
    });
    assertEquals(raised ? 0 : 1, at.nice(), "who may not be raised has nearly as much for good");
  }

  @Test
  void anAnsweringThreadIsAsNiceAsOthersAndHasShorterSlices() throws Exception {
    AtomicReference<LinuxThread> ofStarted = new AtomicReference<>();
    LinuxThread got = in(Thread::new, () -> {
      AnsweringThread.begin();
      ofStarted.set(in(Thread::new, LinuxSchedulingTest::here));
      return here();
    });
    assertEquals(0, got.nice());
    assumeTrue(got.sliceNanos() != 0, "Linux has slices that a thread may ask for since 6.12");
    assertEquals(Share.SOONER.sliceNanos(), got.sliceNanos());
    assertNotEquals(got.sliceNanos(), ofStarted.get().sliceNanos(), "who answers may start others");
  }
}
