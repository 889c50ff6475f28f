package dev.weir.metering.journal;

import dev.weir.metering.Invariant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * Writes what Chronicle writes, in its order: a head that remembers where the last document is,
 * documents whose header says first that they are not complete, an end mark when the hour is over.
 * Writing stands for stores into a mapped file: where those cannot go to the disk it is a fault of
 * memory, not an error of a file.
 */
final class SimulatedLog implements EventLog {

  private static final int NOT_COMPLETE = 0x8000_0000;
  private static final int META_DATA = 0x4000_0000;
  private static final int HEAD_BYTES = 28;
  private static final int INDEX_BYTES = 700;
  private static final int WRITE_POSITION_AT = 8;
  private static final int AHEAD_BYTES = 1_024;
  private static final long HOUR_MILLIS = 3_600_000;

  private final SimulatedLane lane;
  private final LaneFlush flush;
  private final InstantSource clock;
  private final SimulatedLane.Room room;

  private FileChannel channel;
  private int cycle;
  private int latest;
  private long end;
  private boolean ended;
  private boolean broken;

  SimulatedLog(SimulatedLane lane, Flusher flusher, InstantSource clock, SimulatedLane.Room room) {
    this.lane = lane;
    this.flush = new LaneFlush(lane.files().directory(), flusher, lane::writingTo);
    this.clock = clock;
    this.room = room;
    this.cycle = lane.newestCycle();
    this.latest = lane.firstCycle();
  }

  /** As {@code JournalLane} does when the document that the head names was cleared. */
  static void settleWritePosition(Path file, long end) throws IOException {
    try (FileChannel head = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer position = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      head.read(position, WRITE_POSITION_AT);
      long writePosition = position.hasRemaining() ? 0 : position.getLong(0);
      if (writePosition == end) {
        JournalTail.writeVoid(file, end);
      } else if (writePosition > end) {
        throw new JournalCorrupt("%s: the last document is said to be at offset %d, beyond %d"
            .formatted(file, writePosition, end));
      }
    }
  }

  @Override
  public boolean hasRoom() {
    if (!room.isLeft()) {
      return false;
    }
    try {
      if (channel != null && channel.size() < end + AHEAD_BYTES / 2) {
        write(channel.size(), ByteBuffer.allocate(AHEAD_BYTES));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long append(byte[] frame, int length) throws IOException {
    Invariant.check(!broken, "a broken log is not used again");
    broken = true;
    mapped(() -> {
      moveToCycle();
      writeInt(end, NOT_COMPLETE);
    });
    long offset = end;
    flush.begin(lane.files().path(cycle), cycle);
    mapped(() -> writeDocument(frame, length));
    flush.flush();
    broken = false;
    return new FrameLocation(cycle, offset).packed();
  }

  private interface Store {
    void run() throws IOException;
  }

  /** A store into mapped memory, where a file's error is a fault of the memory. */
  private static void mapped(Store store) {
    try {
      store.run();
    } catch (IOException e) {
      throw new InternalError("a fault occurred in an unsafe memory access operation", e);
    }
  }

  private void moveToCycle() throws IOException {
    latest = Math.max(latest, (int) (clock.millis() / HOUR_MILLIS));
    Path last = lane.files().path(cycle);
    if (channel == null && Files.exists(last) && (latest == cycle || hasHead(last))) {
      open();
    }
    if (latest > cycle) {
      if (channel != null) {
        if (!ended) {
          writeInt(end, NOT_COMPLETE | META_DATA);
        }
        channel.close();
      }
      cycle = latest;
      open();
    }
    Invariant.check(!ended, "nothing is written behind an end mark");
  }

  private static boolean hasHead(Path file) throws IOException {
    try (FileChannel head = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer first = ByteBuffer.allocate(4);
      head.read(first, 0);
      return first.getInt(0) != 0;
    }
  }

  private void open() throws IOException {
    Path path = lane.files().path(cycle);
    boolean fresh = !Files.exists(path);
    channel = FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (fresh || readInt(0) == 0) {
      writeInt(0, NOT_COMPLETE | META_DATA);
      write(4, ByteBuffer.allocate(HEAD_BYTES));
      writeInt(0, META_DATA | HEAD_BYTES);
      long at = after(0, HEAD_BYTES);
      for (int index = 0; index < 2; index++) {
        write(at + 4, ByteBuffer.allocate(INDEX_BYTES));
        writeInt(at, META_DATA | INDEX_BYTES);
        at = after(at, INDEX_BYTES);
      }
    }
    end = endOfDocuments();
  }

  /** Chronicle begins at the document that the head names and looks for the end from there. */
  private long endOfDocuments() throws IOException {
    long at = 0;
    int header = readInt(at);
    while (header != 0 && (header & NOT_COMPLETE) == 0) {
      at = after(at, header & ~META_DATA);
      header = readInt(at);
    }
    ended = header == (NOT_COMPLETE | META_DATA);
    return ended ? at + 4 : at;
  }

  private static long after(long at, int length) {
    return (at + 4 + length + 3) & ~3L;
  }

  private void writeDocument(byte[] frame, int length) throws IOException {
    int padded = (length + 3) & ~3;
    write(end + 4, ByteBuffer.allocate(padded).put(frame, 0, length).rewind());
    writeInt(end, padded);
    ByteBuffer position = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    write(WRITE_POSITION_AT, position.putLong(0, end));
    end = after(end, length);
  }

  private int readInt(long at) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    channel.read(bytes, at);
    return bytes.hasRemaining() ? 0 : bytes.getInt(0);
  }

  private void writeInt(long at, int value) throws IOException {
    write(at, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value));
  }

  private void write(long at, ByteBuffer bytes) throws IOException {
    channel.write(bytes, at);
  }

  @Override
  public void close() throws IOException {
    flush.close();
  }
}
