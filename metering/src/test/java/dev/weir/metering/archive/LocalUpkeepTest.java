package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameLocation;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upkeep without an archive, and the thread that does it. */
class LocalUpkeepTest {

  private static final Retention A_DAY_FOR_GOOD = new Retention(Optional.of(1), true);

  @TempDir
  Path directory;

  private JournalFixture journal;
  private final List<Integer> cycles = new ArrayList<>();

  @BeforeEach
  void threeCycles() throws IOException {
    journal = new JournalFixture(directory);
    for (int events = 1; events <= 3; events++) {
      cycles.add(journal.write(events).cycle());
      journal.later(Duration.ofHours(1));
    }
    Files.write(directory.resolve("identity-key"), new byte[16]);
  }

  private Upkeep upkeep() {
    return new Upkeep(journal, Optional.empty()).committed(6);
  }

  @Test
  void withoutAnArchiveAndWithoutLeaveNothingIsDeleted() throws IOException {
    journal.later(Duration.ofDays(400));

    assertEquals(
        Optional.empty(),
        upkeep().retention(new Retention(Optional.of(1), false)).round());

    assertEquals(new TreeSet<>(cycles), journal.files().localCycles());
  }

  @Test
  void withLeaveOldCyclesGoAndReadingThemNamesWhatIsGone() throws IOException {
    journal.later(Duration.ofDays(2));
    assertEquals(Optional.empty(), upkeep().retention(A_DAY_FOR_GOOD).round());
    assertEquals(new TreeSet<>(cycles.subList(2, 3)), journal.files().localCycles());

    try (JournalLane lane = JournalLane.open(
        directory, 0, journal::now, Upkeep.archived(journal, Optional.empty(), 0))) {
      JournalCorrupt opened =
          assertThrows(JournalCorrupt.class, () -> lane.files().open(cycles.get(1)));
      assertTrue(
          opened
              .getMessage()
              .startsWith("journal lane 0, cycle %s, sequences 2 to 3: the file is"
                  .formatted(Cycles.name(cycles.get(1)))),
          opened.getMessage());
      assertTrue(opened.getMessage().contains("without an archive"), opened.getMessage());
      try (JournalReader reader = lane.reader()) {
        assertThrows(
            JournalCorrupt.class,
            () -> reader.continueAfter(new FrameLocation(cycles.get(0), 0).packed(), 1));
      }
      // Reading from the beginning does not begin in the middle.
      try (JournalReader reader = lane.reader()) {
        JournalCorrupt read = assertThrows(JournalCorrupt.class, reader::next);
        assertTrue(
            read.getMessage()
                .contains("begins at sequence 4, expected 1; cycles up to %s are gone"
                    .formatted(Cycles.name(cycles.get(1)))),
            read.getMessage());
      }
      try (JournalReader reader = lane.readerSince(0)) {
        Frame frame = reader.next();
        assertEquals(4, frame.firstSequence());
      }
    }
    // And the check knows that this was meant.
    assertEquals(List.of(), Upkeep.check(journal, Optional.empty()));
  }

  @Test
  void aCycleThatWasNeverThereIsNamed() throws IOException {
    JournalCorrupt corrupt = assertThrows(
        JournalCorrupt.class,
        () -> Upkeep.archived(journal, Optional.empty(), 0).fetch(0, 77));
    assertTrue(corrupt.getMessage().contains("lane 0, cycle 19700104-05"), corrupt.getMessage());
  }

  @Test
  void whatSomethingElseNeedsStays() throws IOException {
    journal.later(Duration.ofDays(2));

    upkeep()
        .retention(A_DAY_FOR_GOOD)
        .needs(facts -> facts.cycle() == cycles.get(0))
        .round();

    assertEquals(
        new TreeSet<>(List.of(cycles.get(0), cycles.get(2))), journal.files().localCycles());
    // What is left out ends with the newest cycle that is gone.
    try (JournalLane lane = JournalLane.open(
            directory, 0, journal::now, Upkeep.archived(journal, Optional.empty(), 0));
        JournalReader reader = lane.readerSince(0)) {
      assertEquals(4, reader.next().firstSequence());
    }
  }

  @Test
  void whatIsNotInTheDatabaseStaysAndIsNotSealed() throws IOException {
    journal.later(Duration.ofDays(2));

    upkeep().committed(2).retention(A_DAY_FOR_GOOD).round();

    assertEquals(new TreeSet<>(cycles.subList(1, 3)), journal.files().localCycles());
    assertEquals(new TreeSet<>(cycles.subList(0, 1)), Upkeep.records(journal).sealed());
  }

  @Test
  void sealingSetsTheEndMarkThatAKilledProcessDidNotAndCutsWhatWasAllocated() throws IOException {
    Path first = journal.file(cycles.get(0));
    assertTrue(Files.size(first) > 1 << 20);
    byte[] bytes = Files.readAllBytes(first);
    int end = bytes.length - 1;
    while (bytes[end] == 0) {
      end--;
    }
    // The mark and its text are the last eight bytes.
    java.util.Arrays.fill(bytes, end - 7, end + 1, (byte) 0);
    Files.write(first, bytes);

    assertEquals(Optional.empty(), upkeep().round());

    assertEquals(end + 1, Files.size(first));
    assertEquals(List.of(), Upkeep.check(journal, Optional.empty()));
    // Chronicle extends files that it opens; a sealed one stays what it was.
    journal.write(1);
    assertEquals(List.of(), Upkeep.check(journal, Optional.empty()));
  }

  @Test
  void theThreadDoesRoundsUntilItIsClosedAndTellsHowThingsAre() throws Exception {
    try (Journal open = Upkeep.openJournal(journal)) {
      CountDownLatch asked = new CountDownLatch(3);
      JournalUpkeep upkeep = upkeep()
          .retention(A_DAY_FOR_GOOD)
          .needs(facts -> {
            asked.countDown();
            return true;
          })
          .of(open);
      journal.later(Duration.ofDays(2));
      upkeep.start();
      asked.await();
      upkeep.close();

      UpkeepStatus status = upkeep.status();
      assertEquals(3, status.cycles());
      assertEquals(2, status.sealed());
      assertEquals(0, status.archived());
      assertEquals(Optional.empty(), status.error());
      assertTrue(status.bytes() > 3 * 65_000, status.toString());
    }
  }
}
