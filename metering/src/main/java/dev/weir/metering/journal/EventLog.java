package dev.weir.metering.journal;

import java.io.IOException;

/**
 * Where one lane's frames are appended and made durable. Confined to the lane's thread.
 *
 * <p>After an exception of {@link #append} the log is broken for good: what was written is unknown until
 * it is opened again.
 */
public interface EventLog extends AutoCloseable {

  /** Whether there is room for a frame; false is temporary. */
  boolean hasRoom();

  /**
   * Appends a frame and returns when it is on stable storage.
   *
   * @return where the frame lies, see {@link FrameLocation#packed}
   */
  long append(byte[] frame, int length) throws IOException;

  @Override
  void close() throws IOException;
}
