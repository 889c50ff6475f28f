package dev.weir.metering.dedup;

import dev.weir.metering.scheduling.BackgroundThread;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and deletes segments in the background, one after another, in one thread for all lanes. What
 * fails is tried again until it succeeds; meanwhile the frozen volumes stay in memory, of which each
 * lane allows only some. Between two of these it does what there is to do with volumes' memory, which
 * is not tried again. Thread-safe.
 */
final class VolumeSealer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VolumeSealer.class);
  private static final long RETRY_MILLIS = 500;

  /** A piece of work that can be repeated when it has failed. */
  interface Task {
    void run() throws IOException;

    /** It will not be done: lets go what it holds. */
    void drop();
  }

  /** A piece of work on memory: it is done once, and never waits for a disk. */
  interface MemoryTask extends Task {
    @Override
    void run();
  }

  private final ArrayDeque<Task> tasks = new ArrayDeque<>();
  private final ArrayDeque<MemoryTask> memoryTasks = new ArrayDeque<>();
  private @Nullable Thread thread;
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  /** Tasks and those on memory, the one that is being done among them. */
  private final AtomicInteger undone = new AtomicInteger();

  private final AtomicInteger undoneOnMemory = new AtomicInteger();

  synchronized void submit(Task task) {
    undone.incrementAndGet();
    tasks.add(task);
    notifyAll();
  }

  synchronized void submitMemory(MemoryTask task) {
    undoneOnMemory.incrementAndGet();
    memoryTasks.add(task);
    notifyAll();
  }

  synchronized void start() {
    thread = BackgroundThread.of(this::run, "weir-identity-sealer", this::isLate);
    thread.start();
  }

  /**
   * Whether a segment waits for another, of which lanes allow only some, or memory, which a lane makes itself
   * when it comes too late; or all wait for the end.
   */
  private boolean isLate() {
    return undone.get() > 1 || undoneOnMemory.get() > 0 || ending.getCount() == 0;
  }

  /**
   * Does what has waited longest, memory first, in the calling thread; only while there is no other.
   *
   * @return whether there was anything
   * @throws IOException when it failed; it will be tried again
   */
  boolean step() throws IOException {
    return memoryStep() || segmentStep();
  }

  private boolean segmentStep() throws IOException {
    Task task;
    synchronized (this) {
      task = tasks.peek();
    }
    if (task == null) {
      return false;
    }
    task.run();
    synchronized (this) {
      tasks.remove();
    }
    undone.decrementAndGet();
    return true;
  }

  private boolean memoryStep() {
    MemoryTask task;
    synchronized (this) {
      task = memoryTasks.poll();
    }
    if (task == null) {
      return false;
    }
    try {
      task.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("no memory can be made ready for identities; a lane does it itself", e);
    } finally {
      undoneOnMemory.decrementAndGet();
    }
    return true;
  }

  private void run() {
    try {
      while (awaitTask()) {
        // Whether segments can be written, memory does not tell.
        if (!memoryStep()) {
          attempt();
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but to end it.
      LOG.debug("interrupted", e);
    }
  }

  private synchronized boolean awaitTask() throws InterruptedException {
    while (tasks.isEmpty() && memoryTasks.isEmpty() && ending.getCount() > 0) {
      wait();
    }
    return ending.getCount() > 0;
  }

  private void attempt() throws InterruptedException {
    try {
      segmentStep();
      if (failure != null) {
        LOG.info("segments of identities are written again");
        failure = null;
      }
    } catch (IOException | RuntimeException | Error e) {
      if (failure == null) {
        LOG.error("a segment of identities cannot be written and is tried again", e);
      }
      failure = e;
      if (ending.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.warn("ends without having written all segments of identities");
      }
    }
  }

  /** Why the last attempt failed; null when it did not. */
  @Nullable
  Throwable failure() {
    return failure;
  }

  /** Finishes what is being written and ends the thread; what waits is left. Blocks. */
  @Override
  public void close() throws InterruptedException {
    Thread running;
    synchronized (this) {
      ending.countDown();
      notifyAll();
      running = thread;
    }
    if (running != null) {
      running.join();
    }
  }

  /** Lets go what waits; the thread has ended or was never started. */
  synchronized void abandon() {
    tasks.forEach(Task::drop);
    tasks.clear();
    memoryTasks.forEach(Task::drop);
    memoryTasks.clear();
  }
}
