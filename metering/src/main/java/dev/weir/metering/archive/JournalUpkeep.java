package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.scheduling.BackgroundThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the files of an open journal, round after round on a thread of its own: seals cycles that
 * are closed and in the database, archives them, and deletes those that retention lets go. Nothing waits
 * for it; when the archive is away, cycles stay here.
 */
public final class JournalUpkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalUpkeep.class);

  /** Every step can be cut off and is done again, so a stop need not wait for a long one. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  /**
   * What to do.
   *
   * @param archive empty for none
   * @param cacheBytesMax how much of what was fetched back stays on the local disk
   * @param interval between two rounds
   */
  public record Options(
      Optional<ArchiveTarget> archive, Retention retention, long cacheBytesMax, Duration interval) {

    /** Seal cycles, keep all for ever. */
    public static final Options LOCAL =
        new Options(Optional.empty(), Retention.UNLIMITED, 0, Duration.ofMinutes(1));
  }

  /** Which cycles something else still reads from the local disk. */
  @FunctionalInterface
  public interface Needs {
    boolean needs(CycleFacts cycle);
  }

  private final Map<JournalLane, LaneUpkeep> lanes = new LinkedHashMap<>();
  private final Path directory;
  private final Options options;
  private final InstantSource clock;
  private final Supplier<JournalPosition> committed;
  private final Needs needs;
  private final Thread thread;
  private final Semaphore stop = new Semaphore(0);

  private volatile boolean stopping;
  private volatile UpkeepStatus status = UpkeepStatus.NONE;
  private @Nullable Exception failure;

  /**
   * Prepares, without starting the thread.
   *
   * @param committed up to where the database holds what the journal says
   */
  public JournalUpkeep(
      Journal journal,
      Path directory,
      Options options,
      InstantSource clock,
      Supplier<JournalPosition> committed,
      Needs needs) {
    this.directory = directory;
    this.options = options;
    this.clock = clock;
    this.committed = committed;
    this.needs = needs;
    for (JournalLane lane : journal.lanes()) {
      lanes.put(lane, new LaneUpkeep(directory, lane.number(), this::failed, () -> stopping));
    }
    this.thread = BackgroundThread.of(this::run, "weir-journal-upkeep");
    this.thread.setDaemon(true);
  }

  public JournalUpkeep start() {
    thread.start();
    return this;
  }

  /** How the last round left things. Cheap. */
  public UpkeepStatus status() {
    return status;
  }

  private void run() {
    try {
      while (!stop.tryAcquire(options.interval().toMillis(), TimeUnit.MILLISECONDS)) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("upkeep of the journal stops for good", e);
      status = status.failing(e.toString());
    }
  }

  /** Does one round on the calling thread. */
  public void round() {
    failure = null;
    try {
      Optional<UpkeepLock> taken = UpkeepLock.take(directory);
      if (taken.isPresent()) {
        try (UpkeepLock lock = taken.get()) {
          keepAll();
        }
      }
    } catch (IOException | UncheckedIOException | JournalCorrupt e) {
      failed(e);
    }
    publish();
  }

  private void keepAll() throws IOException {
    Optional<Archiver> archiver = archiver();
    for (Map.Entry<JournalLane, LaneUpkeep> lane : lanes.entrySet()) {
      keep(lane.getKey(), lane.getValue(), archiver);
    }
  }

  private Optional<Archiver> archiver() throws IOException {
    return options.archive().isEmpty()
        ? Optional.empty()
        : Optional.of(new Archiver(options.archive().get(), ArchiveOwner.mark(directory)));
  }

  private void keep(JournalLane lane, LaneUpkeep upkeep, Optional<Archiver> archiver)
      throws IOException {
    upkeep.seal(lane.newestCycle(), committed.get().sequence(lane.number()));
    if (archiver.isPresent()) {
      upkeep.archive(archiver.get());
    }
    upkeep.retain(options.retention(), archiver, needs, clock.instant());
  }

  private void failed(Exception e) {
    if (failure == null) {
      failure = e;
      if (!status.error().equals(Optional.of(text(e)))) {
        LOG.warn("upkeep of the journal: {}", text(e));
      }
    }
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void publish() {
    UpkeepStatus next = UpkeepStatus.NONE;
    try {
      for (LaneUpkeep lane : lanes.values()) {
        next = next.with(lane);
      }
    } catch (IOException | UncheckedIOException | JournalCorrupt e) {
      failed(e);
    }
    status = failure == null ? next : next.failing(text(failure));
  }

  /** Lets the thread end after the cycle in hand. */
  public void tellToStop() {
    stopping = true;
    stop.release();
  }

  /** Ends after the cycle in hand, or gives up on it after seconds; closes the archive. Blocks. */
  @Override
  public void close() throws InterruptedException {
    tellToStop();
    try {
      thread.join(STOP_TIMEOUT.toMillis());
    } finally {
      options.archive().ifPresent(ArchiveTarget::close);
    }
  }
}
