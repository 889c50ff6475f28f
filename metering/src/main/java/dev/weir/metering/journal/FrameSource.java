package dev.weir.metering.journal;

import org.jspecify.annotations.Nullable;

/** The frames of one lane in order, as far as they are written. Confined to one thread. */
public interface FrameSource extends AutoCloseable {

  /**
   * The next frame, or null when there is none yet. The same object may come each time, with new
   * content.
   *
   * @throws JournalCorrupt when the journal does not read back as written, naming the place
   */
  @Nullable
  Frame next();

  /** Makes the next call of {@link #next} give the same frame again. */
  void pushBack();

  /** Where the last frame lies, for {@link #continueAfter}; see {@link FrameLocation#packed}. */
  long location();

  /**
   * Goes on after a frame that was read before, without reading what came before it.
   *
   * @param packed the frame's {@link #location}
   * @param lastSequence the frame's last sequence
   * @throws JournalCorrupt when no such frame ends there
   */
  void continueAfter(long packed, long lastSequence);

  @Override
  void close();
}
