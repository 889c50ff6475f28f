package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Rounds of upkeep over a journal of one lane, and looks at what they leave. */
final class Upkeep {

  private final JournalFixture journal;
  private final Optional<ArchiveTarget> target;
  private Retention retention = Retention.UNLIMITED;
  private JournalUpkeep.Needs needs = facts -> false;
  private long committed;

  Upkeep(JournalFixture journal, Optional<ArchiveTarget> target) {
    this.journal = journal;
    this.target = target;
  }

  Upkeep committed(long sequence) {
    committed = sequence;
    return this;
  }

  Upkeep retention(Retention rule) {
    retention = rule;
    return this;
  }

  Upkeep needs(JournalUpkeep.Needs what) {
    needs = what;
    return this;
  }

  /** Opens the journal, does a round, closes it; gives what failed. */
  Optional<String> round() throws IOException {
    try (Journal open = openJournal(journal)) {
      return round(open);
    }
  }

  Optional<String> round(Journal open) {
    JournalUpkeep upkeep = of(open);
    upkeep.round();
    return upkeep.status().error();
  }

  JournalUpkeep of(Journal open) {
    return new JournalUpkeep(
        open,
        journal.home(),
        new JournalUpkeep.Options(target, retention, 1 << 30, Duration.ofMillis(1)),
        journal::now,
        () -> new JournalPosition(new TreeMap<>(Map.of(0, committed))),
        needs);
  }

  static Journal openJournal(JournalFixture journal) throws IOException {
    return Journal.open(journal.home(), 1, journal::now, new Random(1));
  }

  static LaneRecords records(JournalFixture journal) {
    return new LaneRecords(LaneFiles.of(journal.home(), 0, CycleArchive.NONE));
  }

  static ArchivedCycles archived(
      JournalFixture journal, Optional<ArchiveTarget> target, long cacheBytesMax) {
    return new ArchivedCycles(journal.home(), target, cacheBytesMax, journal::now);
  }

  /** The problems that a check finds. */
  static List<CheckProblem> check(JournalFixture journal, Optional<ArchiveTarget> target)
      throws IOException {
    List<CheckProblem> problems = new ArrayList<>();
    CheckTotals totals = new JournalCheck(journal.home(), target, problems::add).run();
    if (totals.problems() != problems.size()) {
      throw new AssertionError(totals + " " + problems);
    }
    return problems;
  }

  /** The cycles that were fetched and are still kept. */
  static List<Integer> cached(JournalFixture journal) throws IOException {
    Path cache = journal.home().resolve("cache/lane-0");
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("F.cq4"))
          .map(name -> Cycles.parse(name.substring(0, 11)))
          .sorted()
          .toList();
    }
  }

  /** Changes a byte of a cycle's file. */
  static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int value = bytes.read();
      bytes.seek(offset);
      bytes.write(value ^ 0x10);
    }
  }
}
