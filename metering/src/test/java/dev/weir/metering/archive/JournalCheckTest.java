package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.journal.CycleInspection;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the check of a journal finds. */
class JournalCheckTest {

  @TempDir
  Path directory;

  private JournalFixture journal;

  private List<Integer> threeHours() throws IOException {
    journal = new JournalFixture(directory.resolve("journal"));
    List<Integer> cycles = new ArrayList<>();
    for (int hour = 0; hour < 3; hour++) {
      int[] frames = IntStream.range(0, 400).map(i -> 1 + i % 4).toArray();
      cycles.add(journal.write(frames).cycle());
      journal.later(Duration.ofHours(1));
    }
    Files.write(journal.home().resolve("identity-key"), new byte[16]);
    return cycles;
  }

  private List<CheckProblem> check() throws IOException {
    return Upkeep.check(journal, Optional.empty());
  }

  private void seal() throws IOException {
    assertEquals(
        Optional.empty(),
        new Upkeep(journal, Optional.empty()).committed(Long.MAX_VALUE).round());
  }

  @Test
  void aSoundJournalHasNoProblemsSealedOrNot() throws IOException {
    threeHours();
    assertEquals(List.of(), check());
    seal();
    assertEquals(List.of(), check());
    CheckTotals totals = new JournalCheck(journal.home(), Optional.empty(), p -> {}).run();
    assertEquals(
        List.of(3L, 1_200L, 3_000L, 0L),
        List.of(totals.cycles(), totals.frames(), totals.records(), totals.problems()));
    assertTrue(totals.bytes() > 3 * 65_808, totals.toString());
  }

  /** One of 100 random places after another is damaged, found, and mended. */
  @Test
  void eachOfAHundredDamagedBytesIsFound() throws IOException {
    long seed = 20_261_121;
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> cycles = threeHours();
    seal();
    // What is allocated behind the end only takes time.
    try (RandomAccessFile newest =
        new RandomAccessFile(journal.file(cycles.get(2)).toFile(), "rw")) {
      newest.setLength(end(journal.file(cycles.get(2)), cycles.get(2)) + 10_000);
    }
    for (int i = 0; i < 100; i++) {
      Path file = journal.file(cycles.get(i % 3));
      long at = random.nextLong(end(file, cycles.get(i % 3)));
      int change = random.nextInt(1, 256);
      change(file, at, change);

      List<CheckProblem> problems = check();

      String what = "seed %d, %s at %d by %02x: %s".formatted(seed, file, at, change, problems);
      assertFalse(problems.isEmpty(), what);
      assertTrue(
          problems.stream()
              .allMatch(problem -> problem.place().startsWith(directory.toString())
                  && problem.text().contains("lane 0, cycle ")),
          what);
      assertTrue(problems.stream().anyMatch(p -> p.place().equals(file.toString())), what);
      change(file, at, change);
    }
    assertEquals(List.of(), check());
  }

  /** A hundred bytes of different frames at once, in files nobody has sealed. */
  @Test
  void aHundredDamagedBytesAtOnceAreAllFound() throws IOException {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> cycles = threeHours();
    List<String> expected = new ArrayList<>();
    for (int cycle : cycles) {
      Path file = journal.file(cycle);
      byte[] bytes = new byte[(int) end(file, cycle)];
      try (var in = Files.newInputStream(file)) {
        in.readNBytes(bytes, 0, bytes.length);
      }
      List<Integer> frames = new ArrayList<>();
      for (int at = 65_808; at < bytes.length - 8; at += 4) {
        if (new String(bytes, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1)
            .equals("WEIR")) {
          frames.add(at);
        }
      }
      for (int i = 0; i < (cycle == cycles.get(0) ? 34 : 33); i++) {
        int frame = frames.get(i * 11 + 3);
        int next = frames.get(i * 11 + 4);
        int place = random.nextInt(frame, next);
        change(file, place, random.nextInt(1, 256));
        expected.add("%s, offset %d".formatted(file, frame));
      }
    }

    List<CheckProblem> problems = check();

    for (String place : expected) {
      assertTrue(
          problems.stream().anyMatch(problem -> problem.text().startsWith(place + ",")),
          () -> "seed %d: %s in %s".formatted(seed, place, problems));
    }
    assertEquals(100, expected.size());
  }

  private static long end(Path file, int cycle) throws IOException {
    return CycleInspection.inspect(file, 0, cycle, false, null, fault -> {})
        .facts()
        .bytes();
  }

  private static void change(Path file, long at, int by) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ by);
    }
  }

  @Test
  void aMissingFileIsNamedUnlessItLeftOnPurpose() throws IOException {
    List<Integer> cycles = threeHours();
    seal();
    Files.delete(journal.file(cycles.get(1)));

    List<CheckProblem> problems = check();

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(journal.file(cycles.get(1)).toString(), problems.get(0).place());
    assertEquals("the file is missing", problems.get(0).what());
  }

  @Test
  void missingSequencesAreNamedWhenNothingIsKnownOfTheFile() throws IOException {
    List<Integer> cycles = threeHours();
    Files.delete(journal.file(cycles.get(1)));
    assertEquals(
        List.of("begins at sequence 2001, expected 1001"),
        check().stream().map(CheckProblem::what).toList());

    Files.delete(journal.file(cycles.get(0)));
    assertEquals(
        List.of(
            "the lane begins at sequence 2001; what was before is gone, and nothing tells where"),
        check().stream().map(CheckProblem::what).toList());
  }

  @Test
  void aDamagedSealIsAProblemOfItsOwn() throws IOException {
    List<Integer> cycles = threeHours();
    seal();
    Path seal = Upkeep.records(journal).sumPath(cycles.get(0));
    change(seal, 40, 1);

    List<CheckProblem> problems = check();

    assertEquals(1, problems.size(), problems.toString());
    assertEquals(seal.toString(), problems.get(0).place());
  }

  @Test
  void aJournalWithoutItsKeyIsAProblem() throws IOException {
    threeHours();
    Path key = journal.home().resolve("identity-key");
    Files.write(key, new byte[3]);
    assertEquals(
        List.of("the key of event identities has 3 bytes, not 16"),
        check().stream().map(CheckProblem::what).toList());
    Files.delete(key);
    assertEquals(
        List.of(key + ": the key of event identities is missing: duplicates would not be recognized"
            + " any more"),
        check().stream().map(CheckProblem::text).toList());
  }

  @Test
  void whatAKilledProcessLeftUnfinishedIsNoProblemAndIsReadUpToThere() throws IOException {
    List<Integer> cycles = threeHours();
    Path newest = journal.file(cycles.get(2));
    long end = end(newest, cycles.get(2));
    try (RandomAccessFile bytes = new RandomAccessFile(newest.toFile(), "rw")) {
      bytes.seek(end);
      bytes.write(new byte[] {0, 0, 0, (byte) 0x80, 'W', 'E', 'I', 'R', 1, 0, 0, 0, 7, 7});
    }
    assertEquals(List.of(), check());
  }

  @Test
  void aJournalThatIsBeingWrittenAndSealedIsSound() throws Exception {
    threeHours();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writing = new Thread(() -> {
      try (JournalLane lane = journal.open();
          JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
        int frames = 0;
        while (!stop.get()) {
          journal.append(writer, 1 + frames++ % 50);
          if (frames % 300 == 0) {
            new LaneUpkeep(journal.home(), 0, failure::set, () -> false)
                .seal(lane.newestCycle(), Long.MAX_VALUE - 1);
            journal.later(Duration.ofHours(1));
          }
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    });
    writing.start();
    try {
      for (int i = 0; i < 20; i++) {
        assertEquals(List.of(), check(), "check " + i);
      }
    } finally {
      stop.set(true);
      writing.join();
    }
    assertEquals(null, failure.get());
    assertEquals(List.of(), check());
  }
}
