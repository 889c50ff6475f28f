package dev.weir.metering.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What threads get of this system. */
class LinuxSchedulingTest {

  private final LinuxScheduling linux = new LinuxScheduling();

  private LinuxThread here() {
    return LinuxThread.of(linux.thread());
  }

  private LinuxThread await(Predicate<LinuxThread> wanted) {
    while (!wanted.test(here()) && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    return here();
  }

  /** As of the C library, which has only the first 15 letters. */
  private static LinuxThread named(String name) throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).strip().equals(name.substring(0, 15))) {
          return LinuxThread.of(Integer.parseInt(thread.getFileName().toString()));
        }
      }
    }
    throw new AssertionError("no thread is called " + name);
  }

  @BeforeEach
  void onLinux() {
    assumeTrue(Platform.isLinux(), "only Linux has priorities of single threads");
    assumeTrue(
        linux.thread() != Scheduling.UNKNOWN,
        "this Linux cannot be called, or shares by" + " another policy than the usual");
    assumeTrue(here().nice() == 0, "the tests run with another priority than the usual");
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

  /** Whether a thread that gave something up may have it again. */
  private boolean mayBeRaised() throws Exception {
    return in(Thread::new, () -> {
      int thread = linux.thread();
      return linux.give(thread, Share.LESS_THAN_USUAL) && linux.give(thread, Share.USUAL);
    });
  }

  @Test
  void aBackgroundThreadGetsATenth() throws Exception {
    LinuxThread got = in(work -> BackgroundThread.of(work, "background"), this::here);
    assertEquals(10, got.nice());
    assertFalse(got.isIdle());
  }

  @Test
  void aBackgroundThreadGetsWhatIsLeftUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayBeRaised();
    LinuxThread at = in(work -> BackgroundThread.of(work, "background", late::get), () -> {
      if (raised) {
        await(LinuxThread::isIdle);
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
  void aFollowingThreadGetsAThirdUntilItIsLate() throws Exception {
    AtomicBoolean late = new AtomicBoolean();
    boolean raised = mayBeRaised();
    LinuxThread at = in(work -> FollowingThread.of(work, "following", late::get), () -> {
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
    LinuxThread got = in(Thread::new, () -> {
      AnsweringThread.begin();
      return here();
    });
    assertEquals(0, got.nice());
    assumeTrue(got.sliceNanos() != 0, "Linux has slices that a thread may ask for since 6.12");
    assertEquals(Share.SOONER.sliceNanos(), got.sliceNanos());
  }
}
