package dev.weir.metering;

import java.io.IOException;

/**
 * How files beside the journal are written. The journal's flushes share the device's queue with them: what
 * is forced at once stands before the next acknowledgement, so that a large file is forced in steps as it
 * is written. Counts one file's bytes; confined to the thread that writes it.
 */
public final class BackgroundIo {

  /** Bytes after which a file that is being written is forced: a few milliseconds of a usual disk. */
  private static final int STEP_BYTES = 1 << 20;

  private final Force force;
  private long unforced;

  /** Brings what was written to the disk. */
  @FunctionalInterface
  public interface Force {
    void force() throws IOException;
  }

  public BackgroundIo(Force force) {
    this.force = force;
  }

  /** Must be told of what was written; what is left at the end is the writer's to force. */
  public void wrote(long bytes) throws IOException {
    unforced += bytes;
    if (unforced >= STEP_BYTES) {
      force.force();
      unforced = 0;
    }
  }
}
