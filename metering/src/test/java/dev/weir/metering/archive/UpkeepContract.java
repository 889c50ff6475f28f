package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of cycles from the last frame to the archive and back; each kind of target runs this. */
abstract class UpkeepContract {

  private static final int DAY = 24;
  private static final Retention A_DAY = new Retention(Optional.of(1), false);

  @TempDir
  Path directory;

  private JournalFixture journal;
  private ArchiveTarget target;

  abstract ArchiveTarget open(String name);

  /** Each how many-th call is cut off, before or after it. */
  abstract int cutStep();

  @BeforeEach
  void begin() throws IOException {
    journal = new JournalFixture(directory.resolve("journal"));
    target = open("a");
    Files.createDirectories(journal.home());
    Files.write(journal.home().resolve("identity-key"), new byte[16]);
  }

  @AfterEach
  void end() {
    target.close();
  }

  /** Three closed hours with 3, 1 and 4 events, and the present one with 1. */
  private List<Integer> fourCycles() throws IOException {
    List<Integer> cycles = new ArrayList<>();
    for (int[] frames : new int[][] {{1, 2}, {1}, {2, 2}, {1}}) {
      cycles.add(journal.write(frames).cycle());
      journal.later(Duration.ofHours(1));
    }
    return cycles;
  }

  private Upkeep upkeep() {
    return new Upkeep(journal, Optional.of(target));
  }

  private List<Long> read(ArchiveTarget from, long cacheBytesMax) throws IOException {
    try (JournalLane lane = JournalLane.open(
            journal.home(),
            0,
            journal::now,
            Upkeep.archived(journal, Optional.of(from), cacheBytesMax));
        JournalReader reader = lane.reader()) {
      return sequences(reader);
    }
  }

  private static List<Long> sequences(JournalReader reader) {
    List<Long> sequences = new ArrayList<>();
    for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
      frame.forEach(event -> {
        sequences.add(event.sequence());
        assertEquals("e" + event.sequence(), event.id());
      });
    }
    return sequences;
  }

  private static List<Long> upTo(long last) {
    return Stream.iterate(1L, i -> i <= last, i -> i + 1).toList();
  }

  @Test
  void closedCyclesInTheDatabaseAreSealedAndArchived() throws IOException {
    List<Integer> cycles = fourCycles();

    // The third cycle ends at sequence 8.
    assertEquals(Optional.empty(), upkeep().committed(7).round());
    assertEquals(cycles.subList(0, 2), List.copyOf(Upkeep.records(journal).sealed()));
    assertEquals(Optional.empty(), upkeep().committed(9).round());

    assertEquals(cycles.subList(0, 3), List.copyOf(Upkeep.records(journal).archived()));
    assertEquals(
        Stream.concat(
                cycles.subList(0, 3).stream()
                    .flatMap(cycle ->
                        Stream.of(Archiver.objectName(0, cycle), Archiver.entryName(0, cycle))),
                Stream.of(ArchiveOwner.NAME))
            .toList(),
        target.names(""));
    CycleSum sum = Upkeep.records(journal).sum(cycles.get(2)).orElseThrow();
    assertEquals(
        List.of(5L, 8L, 4L),
        List.of(
            sum.facts().firstSequence(), sum.facts().lastSequence(), sum.facts().records()));
    assertEquals(
        Optional.of(sum.facts().bytes()), target.length(Archiver.objectName(0, cycles.get(2))));
    assertEquals(sum.facts().bytes(), Files.size(journal.file(cycles.get(2))));
    assertEquals(upTo(9), read(target, 1 << 30));
  }

  @Test
  void aRoundWithNothingToDoChangesNothing() throws IOException {
    fourCycles();
    upkeep().committed(9).round();
    List<String> before = snapshot(journal.home());

    assertEquals(Optional.empty(), upkeep().committed(9).round());

    assertEquals(before, snapshot(journal.home()));
  }

  /** Not the file being written, nor what is taken and given back. */
  private static boolean isSettled(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !name.endsWith(".lock")
        && !name.equals("20260305-15F.cq4")
        && !name.equals("metadata.cq4t");
  }

  private static List<String> snapshot(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<String> lines = new ArrayList<>();
      for (Path file : files.filter(UpkeepContract::isSettled).sorted().toList()) {
        lines.add(file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
      return lines;
    }
  }

  @Test
  void anOldArchivedCycleLeavesTheDiskAndComesBackWhenItIsRead() throws IOException {
    List<Integer> cycles = fourCycles();
    Upkeep upkeep = upkeep().retention(A_DAY).committed(9);
    upkeep.round();
    assertEquals(new TreeSet<>(cycles), journal.files().localCycles());

    // The hour of the first cycle ended a day ago, to the millisecond.
    journal.later(Duration.ofHours(DAY - 3).minusMillis(1));
    assertEquals(Optional.empty(), upkeep.round());
    assertEquals(new TreeSet<>(cycles), journal.files().localCycles());
    journal.later(Duration.ofMillis(1));
    assertEquals(Optional.empty(), upkeep.round());
    assertEquals(new TreeSet<>(cycles.subList(1, 4)), journal.files().localCycles());
    journal.later(Duration.ofDays(100));
    assertEquals(Optional.empty(), upkeep.round());
    // Never the newest.
    assertEquals(new TreeSet<>(cycles.subList(3, 4)), journal.files().localCycles());

    assertEquals(upTo(9), read(target, 1 << 30));
    assertEquals(List.of(), Upkeep.check(journal, Optional.of(target)));
  }

  @Test
  void whatIsFetchedStaysWithinItsBoundTheLongestUnreadLeavingFirst() throws IOException {
    List<Integer> cycles = fourCycles();
    upkeep().retention(A_DAY).committed(9).round();
    journal.later(Duration.ofDays(30));
    upkeep().retention(A_DAY).committed(9).round();
    long one = Upkeep.records(journal).sum(cycles.get(0)).orElseThrow().facts().bytes();
    ArchivedCycles archived = Upkeep.archived(journal, Optional.of(target), 2 * one + one / 2);

    archived.fetch(0, cycles.get(0));
    journal.later(Duration.ofMinutes(1));
    archived.fetch(0, cycles.get(1));
    journal.later(Duration.ofMinutes(1));
    archived.fetch(0, cycles.get(0));
    journal.later(Duration.ofMinutes(1));
    archived.fetch(0, cycles.get(2));

    assertEquals(List.of(cycles.get(0), cycles.get(2)), Upkeep.cached(journal));
    // One alone may be larger than the bound: it is being read.
    ArchivedCycles none = Upkeep.archived(journal, Optional.of(target), 0);
    try (CycleFile file = CycleFile.open(none.fetch(0, cycles.get(1)), 0, cycles.get(1))) {
      assertEquals(List.of(cycles.get(1)), Upkeep.cached(journal));
      none.fetch(0, cycles.get(2));
      assertEquals(List.of(cycles.get(2)), Upkeep.cached(journal));
      // What is open can be read to its end all the same.
      assertEquals(4, file.next().firstSequence());
    }
  }

  @Test
  void whatTheArchiveGivesBackOtherThanItWasIsRefusedNamingThePlace() throws IOException {
    List<Integer> cycles = fourCycles();
    upkeep().retention(A_DAY).committed(9).round();
    journal.later(Duration.ofDays(30));
    upkeep().retention(A_DAY).committed(9).round();
    flipByte(Archiver.objectName(0, cycles.get(1)), 65_900);

    JournalCorrupt corrupt = assertThrows(JournalCorrupt.class, () -> read(target, 1 << 30));

    String message = corrupt.getMessage();
    assertTrue(message.contains(Archiver.objectName(0, cycles.get(1))), message);
    assertTrue(message.contains("sequences 4 to 4"), message);
    assertEquals(List.of(cycles.get(0)), Upkeep.cached(journal));
    List<CheckProblem> problems = Upkeep.check(journal, Optional.of(target));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).text().contains("reads back other than"), problems.toString());
  }

  private void flipByte(String name, int at) throws IOException {
    byte[] bytes;
    try (var stream = target.open(name)) {
      bytes = stream.readAllBytes();
    }
    bytes[at] ^= 1;
    target.put(name, Files.write(directory.resolve("flipped"), bytes), bytes.length);
  }

  @Test
  void aCycleIsNotDeletedWhenTheArchiveHasLostIt() throws IOException {
    List<Integer> cycles = fourCycles();
    upkeep().committed(9).round();
    target.delete(Archiver.objectName(0, cycles.get(0)));
    target.delete(Archiver.entryName(0, cycles.get(1)));
    journal.later(Duration.ofDays(30));

    Optional<String> failure = upkeep().retention(A_DAY).committed(9).round();

    assertTrue(failure.isPresent());
    assertTrue(
        failure.orElseThrow().contains(Archiver.objectName(0, cycles.get(0))),
        failure.orElseThrow());
    assertEquals(new TreeSet<>(cycles), journal.files().localCycles());
  }

  @Test
  void theArchiveOfAnotherJournalIsLeftAlone() throws IOException {
    fourCycles();
    upkeep().committed(9).round();
    JournalFixture other = new JournalFixture(directory.resolve("other"));
    other.write(1).later(Duration.ofDays(2)).write(1);
    Files.write(
        other.home().resolve("identity-key"),
        new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    List<String> names = target.names("");

    Optional<String> failure =
        new Upkeep(other, Optional.of(target)).committed(2).round();

    assertTrue(failure.isPresent());
    assertTrue(failure.orElseThrow().contains("belongs to another journal"), failure.orElseThrow());
    assertEquals(names, target.names(""));
  }

  @Test
  void aDamagedCycleIsNeitherSealedNorArchivedAndHoldsUpNoOther() throws IOException {
    List<Integer> cycles = fourCycles();
    Upkeep.flip(journal.file(cycles.get(1)), 65_860);

    Optional<String> failure = upkeep().committed(9).round();

    assertTrue(failure.isPresent());
    assertTrue(failure.orElseThrow().contains(Cycles.name(cycles.get(1))), failure.orElseThrow());
    assertTrue(failure.orElseThrow().contains("offset 65808"), failure.orElseThrow());
    assertEquals(
        List.of(cycles.get(0), cycles.get(2)),
        List.copyOf(Upkeep.records(journal).archived()));
  }

  @Test
  void aSealedCycleThatWasDamagedLaterIsNotArchived() throws IOException {
    List<Integer> cycles = fourCycles();
    new Upkeep(journal, Optional.empty()).committed(9).round();
    // Chronicle's own head: no frame is hurt.
    Upkeep.flip(journal.file(cycles.get(1)), 70);

    Optional<String> failure = upkeep().committed(9).round();

    assertTrue(failure.isPresent());
    assertEquals(
        List.of(cycles.get(0), cycles.get(2)),
        List.copyOf(Upkeep.records(journal).archived()));
  }

  @Test
  void cutOffAnywhereItGoesOnAndNothingIsEverLost() throws IOException {
    List<Integer> cycles = fourCycles();
    journal.later(Duration.ofDays(30));
    new Upkeep(journal, Optional.empty()).committed(9).round();
    Map<Integer, byte[]> files = new TreeMap<>();
    for (int cycle : cycles.subList(0, 3)) {
      files.put(cycle, Files.readAllBytes(journal.file(cycle)));
    }
    boolean cut = true;
    for (int call = 0; cut; call += cutStep()) {
      cut = false;
      Upkeep cutOff =
          new Upkeep(journal, Optional.of(new FaultyTarget(target, call / 2, call % 2 == 1)));
      try {
        cutOff.retention(A_DAY).committed(9).round();
      } catch (FaultyTarget.Cut e) {
        cut = true;
      }
      // Whatever has happened so far: every event can be read, from here or from there.
      assertEquals(upTo(9), read(target, 1 << 30), "call " + call);
      for (int cycle : Upkeep.records(journal).archived()) {
        new Archiver(target, "").requireSame(Upkeep.records(journal).sum(cycle).orElseThrow());
      }
      assertEquals(Optional.empty(), upkeep().retention(A_DAY).committed(9).round());
      assertEquals(new TreeSet<>(cycles.subList(3, 4)), journal.files().localCycles());
      assertEquals(List.of(), Upkeep.check(journal, Optional.of(target)), "call " + call);
      assertTrue(cut || call > 30, "only " + call + " calls");
      backToTheSealed(files);
    }
  }

  private void backToTheSealed(Map<Integer, byte[]> files) throws IOException {
    for (Map.Entry<Integer, byte[]> file : files.entrySet()) {
      Path path = Files.write(journal.file(file.getKey()), file.getValue());
      for (String suffix : List.of(".archived", ".deleted", ".restored")) {
        Files.deleteIfExists(
            path.resolveSibling(path.getFileName().toString().replace(".cq4", suffix)));
      }
      Files.deleteIfExists(
          journal.home().resolve("cache/lane-0").resolve(path.getFileName().toString()));
    }
    for (String name : target.names("")) {
      target.delete(name);
    }
  }

  @Test
  void anArchiveThatIsAwayKeepsTheCyclesHereAndCatchesUp() throws IOException {
    List<Integer> cycles = fourCycles();
    journal.later(Duration.ofDays(30));
    FaultyTarget away = new FaultyTarget(target, Integer.MAX_VALUE, false).away();

    Optional<String> failure =
        new Upkeep(journal, Optional.of(away)).retention(A_DAY).committed(9).round();

    assertTrue(failure.isPresent());
    assertEquals(new TreeSet<>(cycles), journal.files().localCycles());
    assertEquals(Optional.empty(), upkeep().retention(A_DAY).committed(9).round());
    assertEquals(new TreeSet<>(cycles.subList(3, 4)), journal.files().localCycles());
  }

  @Test
  void restoredCyclesAreHereAgainForAsLongAsRetentionSays() throws IOException {
    List<Integer> cycles = fourCycles();
    journal.later(Duration.ofDays(30));
    Upkeep upkeep = upkeep().retention(A_DAY).committed(9);
    upkeep.round();
    RestoredCycles restored = new RestoredCycles(journal.home(), target, journal::now);

    assertEquals(
        1, restored.restore(Optional.of(Cycles.name(cycles.get(1))), (l, c, here, bytes) -> {
          assertFalse(here);
        }));
    assertEquals(0, restored.restore(Optional.of("20200101-00"), (l, c, here, bytes) -> {}));

    upkeep.round();
    assertEquals(
        new TreeSet<>(List.of(cycles.get(1), cycles.get(3))), journal.files().localCycles());
    assertEquals(List.of(), Upkeep.check(journal, Optional.of(target)));
    assertEquals(upTo(9), read(target, 1 << 30));
    journal.later(Duration.ofDays(1));
    upkeep.round();
    assertEquals(new TreeSet<>(cycles.subList(3, 4)), journal.files().localCycles());
  }

  @Test
  void aJournalIsRebuiltFromTheArchiveAlone() throws IOException {
    fourCycles();
    upkeep().committed(9).round();
    JournalFixture fresh = new JournalFixture(directory.resolve("fresh"));

    int count = new RestoredCycles(fresh.home(), target, journal::now)
        .restore(Optional.empty(), (lane, cycle, here, bytes) -> {});

    assertEquals(3, count);
    Files.write(fresh.home().resolve("identity-key"), new byte[16]);
    assertEquals(List.of(), Upkeep.check(fresh, Optional.of(target)));
    try (JournalLane lane = fresh.later(Duration.ofHours(9)).open();
        JournalReader reader = lane.reader()) {
      assertEquals(upTo(8), sequences(reader));
    }
    // Opening a lane repairs its last file, which here is a sealed one.
    assertEquals(List.of(), Upkeep.check(fresh, Optional.of(target)));
  }

  @Test
  void chronicleDoesNotMindThatOldFilesGoWhileItRunsAndAtTheNextStart() throws IOException {
    try (Journal open = Upkeep.openJournal(journal);
        JournalWriter writer = open.lane(0).writer(Flusher.FORCE, 0)) {
      Upkeep upkeep = upkeep().retention(A_DAY).committed(Long.MAX_VALUE);
      for (int hour = 0; hour < 6; hour++) {
        journal.append(writer, 2, 1);
        assertEquals(Optional.empty(), upkeep.round(open));
        journal.later(hour == 3 ? Duration.ofDays(2) : Duration.ofHours(1));
        assertEquals(Optional.empty(), upkeep.round(open));
      }
    }
    assertTrue(journal.files().localCycles().size() <= 3);

    for (int start = 0; start < 3; start++) {
      journal.write(1, 1);
      journal.later(Duration.ofHours(30));
      assertEquals(
          Optional.empty(), upkeep().retention(A_DAY).committed(Long.MAX_VALUE).round());
      assertEquals(upTo(journal.lastSequence()), read(target, 1 << 30));
      assertEquals(List.of(), Upkeep.check(journal, Optional.of(target)));
    }
  }
}
