package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of a journal in any order of events: writing, hours passing, restarts, rounds cut off. */
class UpkeepSimulationTest {

  private static final long SEED = Long.getLong("weir.simulation.seed", 20_260_305);
  private static final int LIVES = 8;
  private static final int STEPS = 12;
  private static final Retention A_DAY = new Retention(Optional.of(1), false);

  @TempDir
  Path directory;

  @Test
  void everyEventCanBeReadAndEveryByteIsSoundWhateverHappens() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    JournalFixture journal = new JournalFixture(directory.resolve("journal"));
    ArchiveTarget target = new DirectoryTarget(directory.resolve("archive"));
    Files.createDirectories(journal.home());
    Files.write(journal.home().resolve("identity-key"), new byte[16]);
    for (int life = 0; life < LIVES; life++) {
      String message = "seed %d, life %d".formatted(SEED, life);
      try (Journal open = Upkeep.openJournal(journal);
          JournalWriter writer = open.lane(0).writer(Flusher.FORCE, 0)) {
        for (int step = 0; step < STEPS; step++) {
          step(random, journal, open, writer, target);
        }
      }
      assertEquals(journal.lastSequence(), read(journal, target), message);
      assertTrue(Upkeep.check(journal, Optional.of(target)).isEmpty(), () -> {
        try {
          return message + ": " + Upkeep.check(journal, Optional.of(target));
        } catch (IOException e) {
          return e.toString();
        }
      });
    }
    assertTrue(
        Upkeep.records(journal).archived().size()
            > journal.files().localCycles().size(),
        "cycles went: " + journal.files().localCycles());
  }

  private static void step(
      SplittableRandom random,
      JournalFixture journal,
      Journal open,
      JournalWriter writer,
      ArchiveTarget target)
      throws IOException {
    switch (random.nextInt(4)) {
      case 0, 1 -> journal.append(writer, 1 + random.nextInt(4), 1 + random.nextInt(3));
      case 2 -> journal.later(Duration.ofMinutes(random.nextInt(300)));
      default -> {
        boolean cut = random.nextBoolean();
        ArchiveTarget archive =
            cut ? new FaultyTarget(target, random.nextInt(30), random.nextBoolean()) : target;
        try {
          Optional<String> failure = new Upkeep(journal, Optional.of(archive))
              .retention(A_DAY)
              .committed(random.nextLong(journal.lastSequence() + 1))
              .round(open);
          assertEquals(Optional.empty(), failure, "seed " + SEED);
        } catch (FaultyTarget.Cut e) {
          assertTrue(cut);
        }
      }
    }
  }

  /** Reads from the first sequence on, through the archive; gives the last. */
  private static long read(JournalFixture journal, ArchiveTarget target) throws IOException {
    long[] last = new long[1];
    try (JournalLane lane = JournalLane.open(
            journal.home(),
            0,
            journal::now,
            Upkeep.archived(journal, Optional.of(target), 300_000));
        JournalReader reader = lane.reader()) {
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        frame.forEach(event -> {
          assertEquals("e" + event.sequence(), event.id());
          assertEquals(last[0] + 1, event.sequence());
          last[0] = event.sequence();
        });
      }
    }
    return last[0];
  }
}
