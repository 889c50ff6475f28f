package dev.weir.metering.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.SortedSet;

/**
 * One lane of a journal on any file system: what {@link JournalLane} is, with {@link SimulatedLog} in the
 * place of Chronicle. Repair, reading and flushing are those of production.
 */
public final class SimulatedLane implements ReadableLane {

  private final LaneFiles files;
  private final int number;
  private final JournalTail.End end;
  private int newestCycle;

  /** Makes the directory of a journal. */
  public static void createJournal(Path journal) throws IOException {
    Directories.create(journal);
  }

  /** Opens a lane, repairing what a predecessor left. */
  public SimulatedLane(Path journal, int number) throws IOException {
    this.number = number;
    this.files = LaneFiles.of(journal, number, CycleArchive.NONE);
    this.end = JournalLane.prepare(files);
    SortedSet<Integer> cycles = files.localCycles();
    this.newestCycle = cycles.isEmpty() ? 0 : cycles.last();
    if (end.offset() > 0) {
      SimulatedLog.settleWritePosition(files.path(newestCycle), end.offset());
    }
  }

  @Override
  public int number() {
    return number;
  }

  /** The file of the cycle of a frame. */
  public Path file(long location) {
    return files.path(FrameLocation.of(location).cycle());
  }

  public static int offset(long location) {
    return (int) FrameLocation.of(location).offset();
  }

  /** Where the document of a frame ends. */
  public int end(long location) {
    try (FileChannel channel = FileChannel.open(file(location), StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(header, offset(location));
      return offset(location) + 4 + header.getInt(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void writingTo(int cycle) {
    newestCycle = cycle;
  }

  @Override
  public LaneFiles files() {
    return files;
  }

  /** The first cycle that may be written. */
  int firstCycle() {
    return end.ended() ? newestCycle + 1 : newestCycle;
  }

  int newestCycle() {
    return newestCycle;
  }

  @Override
  public JournalReader reader() {
    return new JournalReader(number, files, this::newestCycle);
  }

  @Override
  public JournalReader readerSince(long epochMillis) {
    return reader();
  }

  /** The lane's only writer. */
  public EventLog writer(Flusher flusher, InstantSource clock, Room room) {
    return new SimulatedLog(this, flusher, clock, room);
  }

  /** Whether there is disk space beyond the reserve. */
  @FunctionalInterface
  public interface Room {
    boolean isLeft();
  }
}
