package dev.weir.metering.journal;

import dev.weir.metering.disk.LinuxPageAdvice;
import dev.weir.metering.disk.PageAdvice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk blocks ahead of a lane's write position: zeros, written where nobody has written yet. A disk that
 * fills up is then met here, and not in the middle of a frame or in Chronicle's mapping of the file, where
 * it would kill the process.
 *
 * <p>A thread of its own writes them, as each new page of a file costs one to some microseconds, for
 * which the lane would let its requests wait; the memory for them it takes from what lies far behind. It
 * has them written to the disk at once too: else one flush of the lane would bring all of them there. It
 * begins when a flush has ended, as the next must wait for what the device has been given before it. It must
 * not flush them: such a flush takes the lane's frames with it, and that it failed the lane would not hear.
 * Only where that thread has fallen behind, or a file is new, the lane does it itself. All methods belong to
 * the lane's thread.
 */
final class RoomAhead implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RoomAhead.class);

  /** How far ahead blocks are to be; what lies between that and the least is the thread's time. */
  private static final int AHEAD_BYTES = 32 * 1024 * 1024;

  /** More than Chronicle's index, which may stand before a frame and after it. */
  private static final int INDEX_BYTES = 64 * 1024;

  /** The largest frame, and what may stand around it. */
  private static final int LEAST_BYTES = JournalWriter.FRAME_BYTES_MAX + 1024 * 1024;

  /** By how much the lane extends at a time, for which its requests wait. */
  private static final int LANE_STEP_BYTES = 2 * 1024 * 1024;

  private static final int PAGE_BYTES = 4_096;

  /** What one write writes: some tens of microseconds, for which a frame may wait. */
  private static final byte[] ZEROS = new byte[64 * 1024];

  /** So many of them are told to the system at a time. */
  private static final int WRITTEN_OUT_TOGETHER = 4;

  /**
   * What the thread extends by at the least, and what it writes out at a time: little enough to be on the disk
   * when the next flush begins, as long as flushes leave it some time. Behind a large frame, and at a file's
   * begin, it goes on until all is there.
   */
  private static final int STEP_BYTES = WRITTEN_OUT_TOGETHER * ZEROS.length;

  private final ExecutorService thread;
  private final PageAdvice advice;
  private final PagesBehind pagesBehind;
  private final AtomicBoolean extending = new AtomicBoolean();

  /** Changes, with the three below, only by who holds this object's lock. */
  private volatile @Nullable FileChannel file;

  private volatile @Nullable Path path;

  /** Where the lane goes on in it, or has gone on from; the lane moves it on without the lock. */
  private volatile long position;

  /** The next zeros are written there, or one page behind the position. */
  private volatile long allocatedTo;

  RoomAhead(int lane) {
    this(started(lane), new LinuxPageAdvice(), PagesBehind.KEPT_BYTES);
  }

  /**
   * Of usual priority: each write holds the file's lock, for which the lane's own writes wait. Started at
   * once: that there is no memory for a thread must not be met in the middle of the work.
   */
  private static ExecutorService started(int lane) {
    ThreadPoolExecutor thread = new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(1),
        work -> new Thread(work, "weir-journal-ahead-" + lane));
    thread.prestartAllCoreThreads();
    return thread;
  }

  /**
   * @param thread that this will end
   * @param keptBytes behind the position that stay in memory
   */
  RoomAhead(ExecutorService thread, PageAdvice advice, int keptBytes) {
    this.thread = thread;
    this.advice = advice;
    this.pagesBehind = new PagesBehind(advice, keptBytes);
  }

  /**
   * Returns when there is room for the largest frame.
   *
   * @param currentPath of the file
   * @param at where the next document will be written
   * @throws IOException when there is none
   */
  void ensure(FileChannel current, Path currentPath, long at) throws IOException {
    if (current == file) {
      position = at;
    } else {
      begin(current, currentPath, at);
    }
    if (allocatedTo - at < LEAST_BYTES) {
      extend(LEAST_BYTES + LANE_STEP_BYTES);
    }
  }

  /**
   * Must be called when a flush has ended: the device has time for zeros.
   *
   * @param at where the next document will be written
   */
  void flushed(long at) {
    if (file == null) {
      return;
    }
    position = at;
    if (allocatedTo - at <= AHEAD_BYTES - STEP_BYTES && extending.compareAndSet(false, true)) {
      startExtending();
    }
  }

  /** What was flushed stays so: that the thread cannot be given work is no failure of the lane. */
  private void startExtending() {
    try {
      thread.execute(this::extendBehindTheLane);
    } catch (RuntimeException | Error e) {
      extending.set(false);
      LOG.error("cannot allocate blocks ahead; the lane does it itself", e);
    }
  }

  /**
   * Must be called before something is written, so that no zeros are written there; it has room if that was
   * ensured.
   *
   * @param from where it begins
   */
  void writing(FileChannel current, long from, int length) {
    long to = from + length + INDEX_BYTES;
    if (current != file) {
      // The thread leaves the file before; in this one, zeros begin where room is first ensured.
      begin(null, null, 0);
    } else if (to > allocatedTo) {
      passOver(to);
    }
  }

  private synchronized void begin(
      @Nullable FileChannel current, @Nullable Path currentPath, long at) {
    file = current;
    path = currentPath;
    position = at;
    allocatedTo = at;
  }

  private synchronized void passOver(long to) {
    allocatedTo = Math.max(allocatedTo, to);
  }

  private void extendBehindTheLane() {
    try {
      Path open = path;
      if (open != null) {
        extendAndWriteOut(open);
        pagesBehind.written(open, position);
      }
    } catch (IOException e) {
      // The lane tries it too before it goes without, and then refuses what comes.
      LOG.debug("cannot allocate blocks ahead", e);
    } catch (RuntimeException | Error e) {
      LOG.error("cannot allocate blocks ahead; the lane does it itself", e);
    } finally {
      extending.set(false);
    }
  }

  private void extendAndWriteOut(Path open) throws IOException {
    boolean reached = false;
    while (!reached) {
      long from = allocatedTo;
      for (int i = 0; i < WRITTEN_OUT_TOGETHER && !reached; i++) {
        reached = writeZeros(AHEAD_BYTES);
      }
      long to = allocatedTo;
      if (to > from) {
        advice.writeOut(open, from, to);
      }
    }
  }

  private void extend(int bytes) throws IOException {
    boolean reached = false;
    while (!reached) {
      reached = writeZeros(bytes);
    }
  }

  /** Writes some zeros unless there are blocks for so many bytes; gives whether there are. */
  private synchronized boolean writeZeros(int bytes) throws IOException {
    FileChannel open = file;
    if (open == null || allocatedTo >= position + bytes) {
      return true;
    }
    // One page after the end stays untouched: Chronicle may have written a header there.
    long to = (Math.max(allocatedTo, position + PAGE_BYTES) + PAGE_BYTES - 1) & -PAGE_BYTES;
    ByteBuffer zeros = ByteBuffer.wrap(ZEROS);
    while (zeros.hasRemaining()) {
      to += open.write(zeros, to);
    }
    allocatedTo = to;
    return false;
  }

  /** Ends the thread; blocks while it writes. The file may be closed then. */
  @Override
  public void close() {
    begin(null, null, 0);
    thread.shutdown();
  }
}
