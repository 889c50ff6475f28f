package dev.weir.metering.journal;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads the frames of one lane in order and checks each: checksum, lane, and that sequences follow one
 * another. Confined to one thread. Cost: one copy and one CRC32C a frame.
 */
public final class JournalReader implements AutoCloseable {

  private final JournalLane lane;
  private final ExcerptTailer tailer;
  private final Frame frame = new Frame();
  private long nextSequence = -1;
  private long index;
  private boolean loaded;

  JournalReader(JournalLane lane) {
    this.lane = lane;
    this.tailer = lane.queue().createTailer();
    this.tailer.singleThreadedCheckDisabled(true);
  }

  /**
   * The next frame, or null when there is none yet. The same object each time, with new content.
   *
   * @throws JournalCorrupt when the journal does not read back as written
   */
  public @org.jspecify.annotations.Nullable Frame next() {
    if (loaded) {
      loaded = false;
      return frame;
    }
    while (true) {
      try (DocumentContext document = tailer.readingDocument()) {
        if (!document.isPresent()) {
          return null;
        }
        if (!isVoid(document)) {
          index = document.index();
          load(document);
          return frame;
        }
      }
    }
  }

  private static boolean isVoid(DocumentContext document) {
    Bytes<?> bytes = document.wire().bytes();
    return bytes.readRemaining() >= 4
        && bytes.readInt(bytes.readPosition()) == JournalTail.VOID_MAGIC;
  }

  /** Where the last frame lies, for {@link #continueAfter}. */
  public long index() {
    return index;
  }

  /**
   * Goes on after a frame that was read before, without reading what came before it.
   *
   * @param frameIndex the frame's {@link #index}
   * @param lastSequence the frame's last sequence
   */
  public void continueAfter(long frameIndex, long lastSequence) {
    if (!tailer.moveToIndex(frameIndex)) {
      throw new JournalCorrupt("journal lane %d has no frame at index %x, where sequence %d ends"
          .formatted(lane.number(), frameIndex, lastSequence));
    }
    Frame last = next();
    if (last == null || last.lastSequence() != lastSequence) {
      throw new JournalCorrupt("journal lane %d, index %x: the frame does not end at sequence %d"
          .formatted(lane.number(), frameIndex, lastSequence));
    }
  }

  /** Makes the next call of {@link #next} give the same frame again. */
  public void pushBack() {
    loaded = true;
  }

  private void load(DocumentContext document) {
    Bytes<?> bytes = document.wire().bytes();
    int available = (int) bytes.readRemaining();
    int length = available;
    if (available >= FrameWriter.HEADER_BYTES) {
      int own = bytes.readInt(bytes.readPosition() + 20);
      // Chronicle pads a document to a multiple of 4.
      length = own <= available && own >= available - 3 ? own : available;
    }
    bytes.read(frame.room(length), 0, length);
    String fault = frame.fault();
    if (fault.isEmpty() && frame.lane() != lane.number()) {
      fault = "belongs to lane " + frame.lane();
    }
    if (fault.isEmpty() && nextSequence >= 0 && frame.firstSequence() != nextSequence) {
      fault = "begins at sequence %d, expected %d".formatted(frame.firstSequence(), nextSequence);
    }
    if (!fault.isEmpty()) {
      throw new JournalCorrupt("journal lane %d, cycle %d, index %x, after sequence %d: %s"
          .formatted(lane.number(), tailer.cycle(), document.index(), nextSequence - 1, fault));
    }
    nextSequence = frame.lastSequence() + 1;
  }

  @Override
  public void close() {
    tailer.close();
  }
}
