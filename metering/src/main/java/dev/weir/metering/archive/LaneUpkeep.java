package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of upkeep for one lane. Each can be cut off anywhere and done again; what fails for one
 * cycle is reported and does not hold up the others.
 */
final class LaneUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(LaneUpkeep.class);

  private final int lane;
  private final LaneFiles files;
  private final LaneRecords records;
  private final Consumer<Exception> failed;
  private final BooleanSupplier stopping;

  /**
   * Takes a lane of a journal, which need not be open.
   *
   * @param failed told what fails
   * @param stopping asked between two cycles
   */
  LaneUpkeep(Path journal, int lane, Consumer<Exception> failed, BooleanSupplier stopping) {
    this.lane = lane;
    this.files = LaneFiles.of(journal, lane, CycleArchive.NONE);
    this.records = new LaneRecords(files);
    this.failed = failed;
    this.stopping = stopping;
  }

  LaneFiles files() {
    return files;
  }

  LaneRecords records() {
    return records;
  }

  /** Work on one cycle. */
  private interface Step {
    void on(int cycle) throws IOException;
  }

  /** Does something for one cycle after another; false when it was of no use to go on. */
  private void each(Iterable<Integer> cycles, Step step) {
    for (int cycle : cycles) {
      if (stopping.getAsBoolean()) {
        return;
      }
      try {
        step.on(cycle);
      } catch (JournalCorrupt e) {
        failed.accept(e);
      } catch (IOException | UncheckedIOException e) {
        // The disk or the archive is away: the others would only wait for the same.
        failed.accept(e);
        return;
      }
    }
  }

  /** Seals what is closed and in the database; see {@link CycleSealer#due}. */
  void seal(int newest, long committed) {
    CycleSealer sealer = new CycleSealer(lane, files, records);
    each(sealer.due(newest, committed), cycle -> {
      CycleSum sum = sealer.seal(cycle);
      LOG.info(
          "lane {}: sealed cycle {}, {}, {} bytes",
          lane,
          Cycles.name(cycle),
          sum.sequences(),
          sum.facts().bytes());
    });
  }

  /** Archives what is sealed and here. */
  void archive(Archiver archiver) throws IOException {
    String place = archiver.target().place();
    each(records.sealed(), cycle -> {
      if (Files.exists(files.path(cycle))
          && !records.archivedAt(cycle).equals(Optional.of(place))) {
        archiver.archive(files, records, seal(cycle));
        LOG.info("lane {}: archived cycle {} to {}", lane, Cycles.name(cycle), place);
      }
    });
  }

  private CycleSum seal(int cycle) throws IOException {
    return records
        .sum(cycle)
        .orElseThrow(() -> new JournalCorrupt(
            "journal lane %d, cycle %s: the seal is gone".formatted(lane, Cycles.name(cycle))));
  }

  /**
   * Deletes what retention lets go.
   *
   * @param archiver empty when there is no archive
   * @param needs tells cycles that something else still reads from here
   */
  void retain(
      Retention retention, Optional<Archiver> archiver, JournalUpkeep.Needs needs, Instant now)
      throws IOException {
    each(records.sealed(), cycle -> {
      if (Files.exists(files.path(cycle))
          && retention.isOver(cycle, records.restoredMillis(cycle), now.toEpochMilli())
          && !needs.needs(seal(cycle).facts())) {
        retire(cycle, retention, archiver, now);
      }
    });
  }

  private void retire(int cycle, Retention retention, Optional<Archiver> archiver, Instant now)
      throws IOException {
    boolean archived = archiver.isPresent()
        && records.archivedAt(cycle).equals(Optional.of(archiver.get().target().place()));
    if (!retention.mayGo(archived)) {
      return;
    }
    if (archived) {
      archiver.get().requireHeld(seal(cycle));
    }
    String why = archived
        ? "deleted at %s, archived in %s".formatted(now, archiver.get().target().place())
        : "deleted at %s without an archive".formatted(now);
    records.markDeleted(cycle, why);
    Files.delete(files.path(cycle));
    records.force();
    records.forgetRestored(cycle);
    LOG.info("lane {}: cycle {} {}", lane, Cycles.name(cycle), why);
  }
}
