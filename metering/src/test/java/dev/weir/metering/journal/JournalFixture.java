package dev.weir.metering.journal;

import dev.weir.metering.event.Decoding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Writes small journals: frames of a few events each, hour after hour, under a clock that is set. */
public final class JournalFixture {

  private final Path home;
  private Instant now = Instant.parse("2026-03-05T12:00:00Z");
  private long nextSequence = 1;

  public JournalFixture(Path home) {
    this.home = home;
  }

  public Path home() {
    return home;
  }

  public Instant now() {
    return now;
  }

  public JournalFixture later(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** The cycle of the present hour. */
  public int cycle() {
    return Cycles.of(now.toEpochMilli());
  }

  public long lastSequence() {
    return nextSequence - 1;
  }

  public LaneFiles files() {
    return LaneFiles.of(home, 0, CycleArchive.NONE);
  }

  public Path file(int cycle) {
    return files().path(cycle);
  }

  public JournalLane open() throws IOException {
    return JournalLane.open(home, 0, () -> now);
  }

  /** The bytes of the next frame. */
  public byte[] frame(int events) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < events; i++) {
      String id = "e" + (nextSequence + i);
      body.append(Decoding.event(id, "2026-03-01T00:00:00Z", "{\"n\":" + i + "}"))
          .append('\n');
    }
    byte[] bytes = Frames.bytes(0, nextSequence, Decoding.lines(body.toString()));
    nextSequence += events;
    return bytes;
  }

  /** Appends frames of so many events to an open lane. */
  public void append(JournalWriter writer, int... events) throws IOException {
    for (int count : events) {
      byte[] bytes = frame(count);
      if (!writer.hasRoom()) {
        throw new AssertionError("no room");
      }
      writer.append(bytes, bytes.length);
    }
  }

  /** Opens the lane, appends frames of so many events, and closes it. */
  public JournalFixture write(int... events) throws IOException {
    try (JournalLane lane = open();
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      append(writer, events);
    }
    return this;
  }
}
