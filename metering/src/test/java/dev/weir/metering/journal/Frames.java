package dev.weir.metering.journal;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.Verdict;
import java.util.Arrays;

/** Builds and reads frames in memory. */
public final class Frames {

  private Frames() {}

  /** The frame that a lane would write for these requests: accepted events, and conflicts marked. */
  public static byte[] bytes(int lane, long firstSequence, EventBatch... batches) {
    FrameWriter writer = new FrameWriter();
    writer.begin(lane, firstSequence);
    for (EventBatch batch : batches) {
      writer.beginGroup(batch.tenantId(), batch.receivedNanos());
      for (int i = 0; i < batch.count(); i++) {
        if (batch.verdict(i) == Verdict.ACCEPTED || batch.verdict(i) == Verdict.CONFLICT) {
          writer.add(batch, i, batch.verdict(i) == Verdict.CONFLICT);
        }
      }
      writer.endGroup();
    }
    writer.end();
    return Arrays.copyOf(writer.array(), writer.length());
  }

  /** Loads a frame without checking it. */
  public static Frame load(byte[] bytes) {
    Frame frame = new Frame();
    System.arraycopy(bytes, 0, frame.room(bytes.length), 0, bytes.length);
    return frame;
  }

  /** Loads a frame that must be sound. */
  public static Frame read(byte[] bytes) {
    Frame frame = load(bytes);
    if (!frame.fault().isEmpty()) {
      throw new AssertionError(frame.fault());
    }
    return frame;
  }
}
