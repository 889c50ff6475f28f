package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * The queue of one lane: a directory with a file for each hour that had frames. The process must hold
 * the data directory exclusively; opening repairs what a killed predecessor left.
 */
public final class JournalLane implements AutoCloseable {

  private static final String FILE_SUFFIX = ".cq4";

  /** A document may be a quarter of this at most: 32 MiB, more than the largest frame. */
  private static final long BLOCK_BYTES = 128L << 20;

  private static final String METADATA_FILE = "metadata.cq4t";

  private final int number;
  private final Path directory;
  private final SingleChronicleQueue queue;

  private JournalLane(int number, Path directory, SingleChronicleQueue queue) {
    this.number = number;
    this.directory = directory;
    this.queue = queue;
  }

  /** Opens or creates a lane under the journal directory. */
  public static JournalLane open(Path journal, int number, InstantSource clock) throws IOException {
    Path directory = journal.resolve("lane-" + number);
    Files.createDirectories(directory);
    // The table holds locks and a listing of files, all of it derived. A killed process leaves its
    // lock there, and in a container the next one may have the same process id.
    Files.deleteIfExists(directory.resolve(METADATA_FILE));
    Optional<Path> last = lastFile(directory);
    if (last.isPresent()) {
      JournalTail.repair(last.get());
    }
    SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
        .rollCycle(RollCycles.FAST_HOURLY)
        .blockSize(BLOCK_BYTES)
        .timeProvider(clock::millis)
        .timeoutMS(2_000)
        .build();
    return new JournalLane(number, directory, queue);
  }

  private static Optional<Path> lastFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(FILE_SUFFIX))
          .max(Comparator.comparing(file -> file.getFileName().toString()));
    }
  }

  public int number() {
    return number;
  }

  public Path directory() {
    return directory;
  }

  SingleChronicleQueue queue() {
    return queue;
  }

  /** The lane's only writer. */
  public JournalWriter writer(Flusher flusher, long reserveBytes) {
    return new JournalWriter(this, flusher, reserveBytes);
  }

  /** A reader from the first frame that is kept; any number of readers may be open. */
  public JournalReader reader() {
    return new JournalReader(this);
  }

  @Override
  public void close() {
    queue.close();
  }
}
