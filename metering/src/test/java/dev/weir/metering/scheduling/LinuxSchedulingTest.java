package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.weir.metering.scheduling.Scheduling.SystemThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What threads get of this system. */
class LinuxSchedulingTest {

  private static final Path CALLER = Path.of("/proc/thread-self");

  private final LinuxScheduling linux = new LinuxScheduling();

  /** A thread that sleeps, or computes, until it is told to end. */
  private final class Observed implements AutoCloseable {

    private final CompletableFuture<SystemThread> system = new CompletableFuture<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    Observed(Function<Runnable, Thread> starter, boolean computes) {
      thread = starter.apply(() -> {
        system.complete(linux.current());
        while (computes && end.getCount() > 0) {
          Thread.onSpinWait();
        }
        await(end);
      });
      thread.start();
    }

    SystemThread system() throws Exception {
      return system.get(60, TimeUnit.SECONDS);
    }

    LinuxThread now() throws Exception {
      return LinuxThread.of(system().number());
    }

    /** What it gets as soon as that is so, or after a time. */
    LinuxThread awaited(Predicate<LinuxThread> wanted) throws Exception {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!wanted.test(now()) && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      return now();
    }

    @Override
    public void close() throws InterruptedException {
      end.countDown();
      thread.join();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads that nobody else makes crowded. */
  private Function<Runnable, Thread> on(Terms terms, BooleanSupplier late) {
    ThreadShares shares = new ThreadShares(linux, System::nanoTime);
    shares.watch();
    return work -> new Thread(() -> shares.run(work, terms, late));
  }

  /** Whether a thread that had the one share may have the other again. */
  private boolean mayHave(Share less, Share again) throws Exception {
    try (Observed thread = new Observed(Thread::new, false)) {
      return linux.give(thread.system(), less) && linux.give(thread.system(), again);
    }
  }

  @BeforeEach
  void onLinux() throws IOException {
    assumeTrue(Platform.isLinux(), "only Linux has priorities of single threads");
    SystemThread caller = linux.current();
    assumeTrue(caller != null, "this Linux cannot be called, or the process has another policy");
    assumeTrue(LinuxThread.isTold(), "this Linux does not tell what threads get");
    assumeTrue(caller.nice() == 0, "the tests run with another priority than the usual");
    assumeTrue(Files.exists(CALLER.resolve("schedstat")), "this Linux does not tell who runs");
  }

  @Test
  void aBackgroundThreadGetsATenth() throws Exception {
    try (Observed thread = new Observed(work -> BackgroundThread.of(work, "background"), false)) {
      assertEquals(10, thread.now().nice());
      assertFalse(thread.now().isIdle());
    }
  }

  @Test
  void aBackgroundThreadGetsWhatIsLeftUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayHave(Share.LESS_THAN_A_TENTH, Share.TENTH);
    try (Observed thread = new Observed(on(Terms.BACKGROUND, late::get), false)) {
      if (raised) {
        LinuxThread idle = thread.awaited(LinuxThread::isIdle);
        assertTrue(idle.isIdle(), idle::toString);
        assertTrue(
            idle.sliceNanos() == 0 || idle.sliceNanos() == Share.LEFT_OVER.sliceNanos(),
            idle::toString);
        late.set(true);
        LinuxThread tenth = thread.awaited(now -> !now.isIdle());
        assertFalse(tenth.isIdle());
        assertEquals(10, tenth.nice());
      } else {
        assertEquals(11, thread.now().nice(), "who may not be raised has about a tenth for good");
        assertFalse(thread.now().isIdle());
      }
    }
  }

  @Test
  void aFollowingThreadGetsAThirdUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayHave(Share.LESS_THAN_USUAL, Share.USUAL);
    try (Observed thread = new Observed(on(Terms.FOLLOWING, late::get), false)) {
      if (raised) {
        assertEquals(5, thread.awaited(now -> now.nice() == 5).nice());
        late.set(true);
        assertEquals(0, thread.awaited(now -> now.nice() == 0).nice());
      } else {
        assertEquals(1, thread.now().nice(), "who may not be raised has nearly as much for good");
      }
    }
  }

  @Test
  void aBackgroundThreadIsRaisedWhereOthersLeaveNothing() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    assumeTrue(
        mayHave(Share.LESS_THAN_A_TENTH, Share.TENTH), "who may not be raised is not lowered");
    assumeTrue(
        Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.matches("cpu\\d+ .*"))
                .count()
            == processors,
        "these tests may not fill all processors");
    List<Observed> others = new ArrayList<>();
    try (Observed thread = new Observed(on(Terms.BACKGROUND, () -> false), true)) {
      assertTrue(thread.awaited(LinuxThread::isIdle).isIdle());
      for (int i = 0; i < 2 * processors; i++) {
        others.add(new Observed(Thread::new, true));
      }
      LinuxThread raised = thread.awaited(now -> !now.isIdle());
      assertFalse(raised.isIdle());
      assertEquals(10, raised.nice());
    } finally {
      for (Observed other : others) {
        other.close();
      }
    }
  }

  @Test
  void threadsOfEachKindAreLookedAfterInTheProcess() throws Exception {
    boolean raised = mayHave(Share.LESS_THAN_USUAL, Share.USUAL);
    CompletableFuture<Boolean> asked = new CompletableFuture<>();
    BooleanSupplier late = () -> {
      asked.complete(true);
      return true;
    };
    try (Observed background =
            new Observed(work -> BackgroundThread.of(work, "background", late), false);
        Observed following =
            new Observed(work -> FollowingThread.of(work, "following", late), false)) {
      if (raised) {
        assertTrue(asked.get(60, TimeUnit.SECONDS));
      }
      assertEquals(raised ? 10 : 11, background.now().nice());
      assertEquals(raised ? 0 : 1, following.now().nice());
    }
  }

  @Test
  void anAnsweringThreadIsAsNiceAsOthersAndHasShorterSlices() throws Exception {
    CompletableFuture<LinuxThread> answering = new CompletableFuture<>();
    CompletableFuture<LinuxThread> started = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      AnsweringThread.begin();
      answering.complete(LinuxThread.ofCaller());
      new Thread(() -> started.complete(LinuxThread.ofCaller())).start();
    });
    thread.start();
    LinuxThread got = answering.get(60, TimeUnit.SECONDS);
    assertEquals(0, got.nice());
    assumeTrue(got.sliceNanos() != 0, "Linux has slices that a thread may ask for since 6.12");
    assertEquals(Share.SOONER.sliceNanos(), got.sliceNanos());
    assertNotEquals(
        got.sliceNanos(),
        started.get(60, TimeUnit.SECONDS).sliceNanos(),
        "who answers may start others");
  }

  @Test
  void whoRunsIsToldFromWhoSleeps() throws Exception {
    try (Observed sleeping = new Observed(Thread::new, false);
        Observed running = new Observed(Thread::new, true)) {
      SystemThread sleeper = sleeping.system();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (linux.nanosRun(sleeper) != Scheduling.NOT_WAITING && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      assertEquals(Scheduling.NOT_WAITING, linux.nanosRun(sleeper));
      assertTrue(linux.nanosRun(running.system()) >= 0);
    }
    assertEquals(Scheduling.UNKNOWN, linux.nanosRun(new SystemThread(0, 0)), "no thread");
  }
}
