package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * The queue of one lane: a directory with a file for each hour that had frames. The process must hold
 * the data directory exclusively; opening repairs what a killed predecessor left.
 */
public final class JournalLane implements AutoCloseable {

  /** A document may be a quarter of this at most: 32 MiB, more than the largest frame. */
  private static final long BLOCK_BYTES = 128L << 20;

  private static final String METADATA_FILE = "metadata.cq4t";

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
    Files.createDirectories(directory);
    // The table holds locks and a listing of files, all of it derived. A killed process leaves its
    // lock there, and in a container the next one may have the same process id.
    Files.deleteIfExists(directory.resolve(METADATA_FILE));
    SortedSet<Integer> cycles = files.localCycles();
    int last = cycles.isEmpty() ? 0 : cycles.last();
    long end = cycles.isEmpty() ? 0 : JournalTail.repair(files.path(last));
    AtomicLong latestMillis = new AtomicLong(Cycles.startMillis(last));
    SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
        .rollCycle(RollCycles.FAST_HOURLY)
        .blockSize(BLOCK_BYTES)
        // The file follows from the time: a clock that went back must not lead into an earlier one.
        .timeProvider(() -> latestMillis.accumulateAndGet(clock.millis(), Math::max))
        .timeoutMS(2_000)
        .build();
    if (end > 0) {
      settleWritePosition(queue, files.path(last), end);
    }
    return new JournalLane(number, files, queue, last);
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

  public int number() {
    return number;
  }

  public Path directory() {
    return files.directory();
  }

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

  /**
   * A reader from the first frame that is kept, here or in the archive; any number of readers may be
   * open.
   */
  public JournalReader reader() {
    return new JournalReader(number, files, this::newestCycle, -1);
  }

  /** A reader of what is here without a gap up to the end: from behind the newest cycle that is not. */
  public JournalReader localReader() {
    return new JournalReader(number, files, this::newestCycle, files.newestMissing());
  }

  @Override
  public void close() {
    queue.close();
  }
}
