package dev.weir.metering.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * How files beside the journal are written. The journal's flushes share the device's queue with them: what
 * is forced at once stands before the next acknowledgement, so that a large file is written out in steps as
 * it is written, each when the one before is on the disk. Counts one file's bytes; confined to the thread that
 * writes it.
 */
public final class BackgroundIo {

  /**
   * For files that are written through a buffer: large enough that a step is worth its call, and some tenths
   * of a millisecond of a usual disk, for which a flush may have to wait.
   */
  public static final int BUFFER_BYTES = 256 * 1024;

  /** What is mostly full is written out; a buffer is emptied when the next part does not fit. */
  private static final int STEP_BYTES = BUFFER_BYTES / 2;

  /**
   * Where pages cannot be written out but by forcing the file, which has the file system commit too:
   * seldom enough for that, and still only a few milliseconds of a usual disk.
   */
  private static final int FORCED_BYTES = 1024 * 1024;

  private final Path file;
  private final WriteOut writeOut;
  private final Force force;
  private long unwritten;
  private long unforced;

  /** Brings what was written to the disk. */
  @FunctionalInterface
  public interface Force {
    void force() throws IOException;
  }

  /** Has pages written to the disk without forcing their file. */
  @FunctionalInterface
  public interface WriteOut {

    /**
     * Returns when the pages of the file that were being written are on the disk, and those that were not may
     * be written now. The file's metadata and the device's cache are left to its flush.
     *
     * @return false where that cannot be done: some may have been written or not
     * @throws IOException when the disk did not take some; before Linux 4.13, the next flush does not say so again
     */
    boolean inTurn(Path file) throws IOException;
  }

  /**
   * @param file that is written
   */
  public BackgroundIo(Path file, Force force) {
    this(file, new LinuxPageAdvice()::writeOutInTurn, force);
  }

  /**
   * @param file that is written
   * @param writeOut by which it is written out
   */
  public BackgroundIo(Path file, WriteOut writeOut, Force force) {
    this.file = file;
    this.writeOut = writeOut;
    this.force = force;
  }

  /**
   * Must be told of what was written; the writer forces the file at the end, also what was written out.
   *
   * @throws IOException when the disk did not take it
   */
  public void wrote(long bytes) throws IOException {
    unwritten += bytes;
    unforced += bytes;
    if (unwritten >= STEP_BYTES) {
      unwritten = 0;
      if (writeOut.inTurn(file)) {
        unforced = 0;
      }
    }
    if (unforced >= FORCED_BYTES) {
      unforced = 0;
      force.force();
    }
  }
}
