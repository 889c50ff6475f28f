package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.CycleInspection;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The cycles of a journal and where each is, without opening it. */
public final class CycleListing {

  /** Where a cycle is. */
  public enum State {
    /** Here; the newest of its lane. */
    NEWEST,
    /** Here, closed, not sealed yet. */
    CLOSED,
    /** Here and sealed. */
    SEALED,
    /** Here, sealed, and in the archive. */
    ARCHIVED,
    /** Only in the archive. */
    AWAY,
    /** Let go without an archive. */
    DELETED,
    /** Neither here nor archived, and nobody said that it may go. */
    MISSING
  }

  /**
   * One cycle of a lane.
   *
   * @param facts from its seal; else from reading the file, as far as it is sound
   * @param archive the place of the archive that has it
   */
  public record Entry(String cycle, State state, CycleFacts facts, Optional<String> archive) {}

  private CycleListing() {}

  /** All cycles, lane by lane, in order. Reads the files that are not sealed. */
  public static List<Entry> of(Path journal) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int lane = 0; lane < JournalCheck.lanes(journal); lane++) {
      LaneFiles files = LaneFiles.of(journal, lane, CycleArchive.NONE);
      LaneRecords records = new LaneRecords(files);
      TreeSet<Integer> cycles = new TreeSet<>(files.localCycles());
      int newest = cycles.isEmpty() ? -1 : cycles.last();
      cycles.addAll(records.sealed());
      for (int cycle : cycles) {
        entries.add(entry(lane, cycle, cycle == newest, files, records));
      }
    }
    return entries;
  }

  private static Entry entry(
      int lane, int cycle, boolean newest, LaneFiles files, LaneRecords records)
      throws IOException {
    Optional<CycleSum> sum = records.sum(cycle);
    CycleFacts facts = sum.isPresent()
        ? sum.get().facts()
        : CycleInspection.inspect(files.path(cycle), lane, cycle, newest, null, fault -> {})
            .facts();
    Optional<String> archive = records.archivedAt(cycle);
    return new Entry(Cycles.name(cycle), state(cycle, newest, files, records), facts, archive);
  }

  private static State state(int cycle, boolean newest, LaneFiles files, LaneRecords records)
      throws IOException {
    boolean archived = records.archivedAt(cycle).isPresent();
    if (!Files.exists(files.path(cycle))) {
      return archived
          ? State.AWAY
          : records.deleted(cycle).isPresent() ? State.DELETED : State.MISSING;
    }
    if (archived) {
      return State.ARCHIVED;
    }
    if (records.isSealed(cycle)) {
      return State.SEALED;
    }
    return newest ? State.NEWEST : State.CLOSED;
  }
}
