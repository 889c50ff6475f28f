package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleFacts;
import dev.weir.metering.journal.CycleFault;
import dev.weir.metering.journal.CycleInspection;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Verifies one lane, cycle after cycle; those that are not here by what their seals say. */
final class LaneCheck {

  private final int lane;
  private final LaneFiles files;
  private final LaneRecords records;
  private final Optional<ArchiveTarget> archive;
  private final Consumer<CheckProblem> report;

  private CheckTotals totals = CheckTotals.NONE;
  private long lastSequence;
  private boolean begun;

  LaneCheck(
      int lane, LaneFiles files, Optional<ArchiveTarget> archive, Consumer<CheckProblem> report) {
    this.lane = lane;
    this.files = files;
    this.records = new LaneRecords(files);
    this.archive = archive;
    this.report = report;
  }

  CheckTotals run() throws IOException {
    TreeSet<Integer> cycles = new TreeSet<>(files.localCycles());
    int newest = cycles.isEmpty() ? -1 : cycles.last();
    cycles.addAll(records.sealed());
    cycles.addAll(records.archived());
    for (int cycle : cycles) {
      check(cycle, cycle == newest);
    }
    return totals;
  }

  private void check(int cycle, boolean newest) throws IOException {
    Optional<CycleSum> sum = seal(cycle);
    CycleFacts facts = null;
    try {
      facts = inspect(cycle, newest, sum);
    } catch (NoSuchFileException e) {
      // Retention may have taken it since the files were listed.
      if (sum.isEmpty() || records.deleted(cycle).isEmpty()) {
        problem(files.path(cycle).toString(), cycle, -1, "the file is missing");
      }
    }
    if (facts != null || sum.isPresent()) {
      follow(cycle, facts != null ? facts : sum.get().facts());
    }
    if (archive.isPresent() && records.archivedAt(cycle).isPresent() && sum.isPresent()) {
      checkArchived(archive.get(), sum.get());
    }
  }

  private Optional<CycleSum> seal(int cycle) throws IOException {
    try {
      return records.sum(cycle);
    } catch (JournalCorrupt e) {
      problem(records.sumPath(cycle).toString(), cycle, -1, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private CycleFacts inspect(int cycle, boolean newest, Optional<CycleSum> sum) throws IOException {
    Path path = files.path(cycle);
    List<CycleFault> faults = new ArrayList<>();
    CycleInspection.Result result =
        CycleInspection.inspect(path, lane, cycle, newest, null, faults::add);
    if (!faults.isEmpty() || (result.unfinished() && !newest)) {
      // A file that is being sealed changes at its end: what counts is what stays.
      faults.clear();
      result = CycleInspection.inspect(path, lane, cycle, newest, null, faults::add);
    }
    CycleFacts facts = result.facts();
    totals = totals.with(facts);
    for (CycleFault fault : faults) {
      long after = fault.afterSequence() > 0 ? fault.afterSequence() : lastSequence;
      problem(path.toString(), cycle, fault.offset(), after, fault.what());
    }
    if (result.unfinished() && !newest) {
      problem(path.toString(), cycle, facts.bytes(), "the last document is not finished");
    }
    if (faults.isEmpty() && sum.isPresent() && !sum.get().facts().equals(facts)) {
      problem(
          path.toString(),
          cycle,
          -1,
          "is not as it was sealed: %s".formatted(difference(sum.get().facts(), facts)));
    }
    return facts;
  }

  private static String difference(CycleFacts sealed, CycleFacts found) {
    return sealed.crc32c() != found.crc32c() && sealed.bytes() == found.bytes()
        ? "its checksum is %08x, not %08x".formatted(found.crc32c(), sealed.crc32c())
        : "%s, not %s".formatted(found, sealed);
  }

  /** Sequences go on from one cycle to the next. */
  private void follow(int cycle, CycleFacts facts) {
    if (facts.records() == 0) {
      return;
    }
    if (begun && facts.firstSequence() != lastSequence + 1) {
      problem(
          files.path(cycle).toString(),
          cycle,
          -1,
          "begins at sequence %d, expected %d".formatted(facts.firstSequence(), lastSequence + 1));
    } else if (!begun && facts.firstSequence() != 1) {
      problem(
          files.path(cycle).toString(),
          cycle,
          -1,
          "the lane begins at sequence %d; what was before is gone, and nothing tells where"
              .formatted(facts.firstSequence()));
    }
    begun = true;
    lastSequence = facts.lastSequence();
  }

  private void checkArchived(ArchiveTarget target, CycleSum sum) {
    int cycle = sum.facts().cycle();
    String name = Archiver.objectName(lane, cycle);
    String place = "archive %s: %s".formatted(target.place(), name);
    try {
      Archiver archiver = new Archiver(target, "");
      archiver.requireHeld(sum);
      archiver.requireSame(sum);
      totals = totals.withArchived(sum.facts().bytes());
    } catch (IOException | JournalCorrupt e) {
      problem(place, cycle, -1, String.valueOf(e.getMessage()));
    }
  }

  private void problem(String place, int cycle, long offset, String what) {
    problem(place, cycle, offset, lastSequence, what);
  }

  private void problem(String place, int cycle, long offset, long after, String what) {
    totals = totals.withProblem();
    report.accept(new CheckProblem(place, lane, Cycles.name(cycle), offset, after, what));
  }
}
