package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of one lane: a directory with a file for each hour that had frames. The process must hold
 * the data directory exclusively; opening repairs what a killed predecessor left.
 */
public final class JournalLane implements ReadableLane, AutoCloseable {

  /** A document may be a quarter of this at most: 32 MiB, more than the largest frame. */
  private static final long BLOCK_BYTES = 128L << 20;

  private static final String METADATA_FILE = "metadata.cq4t";

  private static final Logger LOG = LoggerFactory.getLogger(JournalLane.class);

  private static final JournalTail.End NO_FILE = new JournalTail.End(0, false);

  private final int number;
  private final LaneFiles files;
  private final SingleChronicleQueue queue;
  private volatile int newestCycle;

  private JournalLane(int number, LaneFiles files, SingleChronicleQueue queue, int newestCycle) {
    this.number = number;
    this.files = files;
    this.queue = queue;
    this.newestCycle = newestCycle;
  }

  /** Where the files of a lane lie under the journal directory. */
  static Path directory(Path journal, int number) {
    return journal.resolve("lane-" + number);
  }

  /** Opens or creates a lane under the journal directory; nothing of it is archived. */
  public static JournalLane open(Path journal, int number, InstantSource clock) throws IOException {
    return open(journal, number, clock, CycleArchive.NONE);
  }

  /** Opens or creates a lane under the journal directory. */
  public static JournalLane open(
      Path journal, int number, InstantSource clock, CycleArchive archive) throws IOException {
    LaneFiles files = LaneFiles.of(journal, number, archive);
    Path directory = files.directory();
    JournalTail.End end = prepare(files);
    SortedSet<Integer> cycles = files.localCycles();
    int last = cycles.isEmpty() ? 0 : cycles.last();
    AtomicLong latestMillis = new AtomicLong(Cycles.startMillis(end.ended() ? last + 1 : last));
    SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
        .rollCycle(RollCycles.FAST_HOURLY)
        .blockSize(BLOCK_BYTES)
        // The file follows from the time: a clock that went back must not lead into an earlier one.
        .timeProvider(() -> latestMillis.accumulateAndGet(clock.millis(), Math::max))
        .timeoutMS(2_000)
        .build();
    if (end.offset() > 0) {
      settleWritePosition(queue, files.path(last), end.offset());
    }
    return new JournalLane(number, files, queue, last);
  }

  /**
   * Makes the directory ready for a writer, and repairs the newest file. One that was not wholly begun
   * goes: nothing in it was acknowledged, and in a later hour Chronicle cannot go on from it.
   *
   * @return where the newest file ends; at 0 when there is none
   */
  static JournalTail.End prepare(LaneFiles files) throws IOException {
    Path directory = files.directory();
    Directories.create(directory);
    // The table holds locks and a listing of files, all of it derived. A killed process leaves its
    // lock there, and in a container the next one may have the same process id.
    Files.deleteIfExists(directory.resolve(METADATA_FILE));
    TreeSet<Integer> cycles = new TreeSet<>(files.localCycles());
    JournalTail.End end = NO_FILE;
    while (!cycles.isEmpty() && end.offset() == 0) {
      Path newest = files.path(cycles.pollLast());
      end = JournalTail.repair(newest);
      if (end.offset() == 0) {
        LOG.warn("{}: deleting the file, as it was not wholly begun", newest);
        Files.delete(newest);
      }
    }
    // What is read back counts as flushed, and the predecessor may not have come to flush its name.
    Directories.sync(directory);
    return end;
  }

  /** Chronicle remembers where the last document is; that one may be what the repair has cleared. */
  private static void settleWritePosition(SingleChronicleQueue queue, Path file, long end)
      throws IOException {
    SingleChronicleQueueStore store = queue.storeForCycle(queue.lastCycle(), 0, false, null);
    if (store == null) {
      queue.close();
      throw new JournalCorrupt("%s: the file has no head".formatted(file));
    }
    long writePosition = store.writePosition();
    queue.closeStore(store);
    if (writePosition == end) {
      JournalTail.writeVoid(file, end);
    } else if (writePosition > end) {
      queue.close();
      throw new JournalCorrupt(
          "%s: the last document is said to be at offset %d, but the file ends at %d"
              .formatted(file, writePosition, end));
    }
  }

  @Override
  public int number() {
    return number;
  }

  public Path directory() {
    return files.directory();
  }

  @Override
  public LaneFiles files() {
    return files;
  }

  SingleChronicleQueue queue() {
    return queue;
  }

  /** Told by the writer when it goes on to another file, before what it wrote there is flushed. */
  void writingTo(int cycle) {
    newestCycle = cycle;
  }

  /** The cycle that is written, or was last. */
  public int newestCycle() {
    return newestCycle;
  }

  /** The lane's only writer. */
  public JournalWriter writer(Flusher flusher, long reserveBytes) {
    return new JournalWriter(this, flusher, reserveBytes);
  }

  @Override
  public JournalReader reader() {
    return new JournalReader(number, files, this::newestCycle);
  }

  @Override
  public JournalReader readerSince(long epochMillis) {
    JournalReader reader = reader();
    reader.startAt(Math.min(Cycles.of(epochMillis), files.lastWithFrames()));
    return reader;
  }

  @Override
  public void close() {
    queue.close();
  }
}
