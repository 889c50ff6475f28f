package dev.weir.metering.journal;

/**
 * How files beside the journal are written. The journal's flushes share the device's queue with them: what
 * is forced at once stands before the next acknowledgement, so that large files are forced in steps as
 * they are written.
 */
public final class BackgroundIo {

  /** Bytes after which a file that is being written is forced: a few milliseconds of a usual disk. */
  public static final int STEP_BYTES = 1 << 20;

  private BackgroundIo() {}
}
