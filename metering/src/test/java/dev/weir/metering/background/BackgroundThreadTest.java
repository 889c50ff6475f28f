package dev.weir.metering.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackgroundThreadTest {

  private static final Path CALLING_THREAD = Path.of("/proc/thread-self");

  /** Field 19 of its stat, the 17th behind the name's bracket. */
  private static int nice(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitNice(int wanted) {
    while (nice(CALLING_THREAD) != wanted && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  /** As of the C library, which has only the first 15 letters. */
  private static int niceOfThreadNamed(String name) throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).strip().equals(name.substring(0, 15))) {
          return nice(thread);
        }
      }
    }
    throw new AssertionError("no thread is called " + name);
  }

  @BeforeEach
  void onLinux() {
    assumeTrue(Platform.isLinux(), "only Linux has priorities of single threads");
    assumeTrue(nice(CALLING_THREAD) == 0, "the tests run with another priority than the usual");
  }

  private static void run(FutureTask<?> task, Thread thread) throws Exception {
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(60, TimeUnit.SECONDS);
    } finally {
      thread.interrupt();
    }
  }

  @Test
  void getsATenth() throws Exception {
    FutureTask<Integer> task = new FutureTask<>(() -> nice(CALLING_THREAD));
    run(task, BackgroundThread.of(task, "background"));
    assertEquals(10, task.get());
  }

  @Test
  void getsWhatIsLeftUntilItIsLate() throws Exception {
    LinuxScheduling linux = new LinuxScheduling();
    FutureTask<Boolean> raised = new FutureTask<>(() -> {
      int thread = linux.thread();
      return linux.give(thread, Share.LESS_THAN_A_TENTH) && linux.give(thread, Share.TENTH);
    });
    run(raised, new Thread(raised));
    AtomicBoolean late = new AtomicBoolean();
    FutureTask<Boolean> task = new FutureTask<>(() -> {
      if (raised.get()) {
        awaitNice(19);
        late.set(true);
        awaitNice(10);
      } else {
        assertEquals(11, nice(CALLING_THREAD), "who may not be raised has about a tenth for good");
      }
      return true;
    });
    run(task, BackgroundThread.of(task, "background", late::get));
    assertEquals(0, niceOfThreadNamed("weir-background-shares"), "who is to raise others");
  }
}
