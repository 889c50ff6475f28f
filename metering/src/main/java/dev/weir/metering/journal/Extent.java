package dev.weir.metering.journal;

/** Gathers what the frames of a cycle span. */
final class Extent {

  private long frames;
  private long records;
  private long firstSequence;
  private long lastSequence;
  private long eventFrom = Long.MAX_VALUE;
  private long eventTo = Long.MIN_VALUE;
  private long receivedFrom = Long.MAX_VALUE;
  private long receivedTo = Long.MIN_VALUE;
  private long visited;

  /** Adds a frame whose checksum is right; false when its records are not as many as it says. */
  boolean add(Frame frame) {
    visited = 0;
    try {
      frame.forEach(this::add);
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
    if (visited != frame.records()) {
      return false;
    }
    if (records == 0) {
      firstSequence = frame.firstSequence();
    }
    frames++;
    records += visited;
    lastSequence = frame.lastSequence();
    return true;
  }

  private void add(Frame.RecordView event) {
    visited++;
    eventFrom = Math.min(eventFrom, event.timeNanos());
    eventTo = Math.max(eventTo, event.timeNanos());
    receivedFrom = Math.min(receivedFrom, event.receivedNanos());
    receivedTo = Math.max(receivedTo, event.receivedNanos());
  }

  long lastSequence() {
    return lastSequence;
  }

  /** 0 before the first frame. */
  long nextSequence() {
    return frames == 0 ? 0 : lastSequence + 1;
  }

  CycleFacts facts(int lane, int cycle, long bytes, int crc) {
    CycleFacts.Times times = records == 0
        ? CycleFacts.Times.NONE
        : new CycleFacts.Times(eventFrom, eventTo, receivedFrom, receivedTo);
    return new CycleFacts(lane, cycle, frames, records, firstSequence, bytes, crc, times);
  }
}
