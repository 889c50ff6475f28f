package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether reading every byte of a cycle's file tells sound from damaged, whatever was damaged. */
class CycleInspectionTest {

  @TempDir
  Path directory;

  private final List<CycleFault> faults = new ArrayList<>();

  private CycleInspection.Result inspect(Path file, int cycle) throws IOException {
    faults.clear();
    return CycleInspection.inspect(file, 0, cycle, false, null, faults::add);
  }

  @Test
  void aSoundFileIsDescribedToTheByte() throws IOException {
    JournalFixture journal = new JournalFixture(directory).write(3, 1, 2);
    int first = journal.cycle();
    journal.later(Duration.ofHours(3)).write(7);

    CycleInspection.Result result = inspect(journal.file(first), first);

    assertEquals(List.of(), faults);
    assertTrue(result.ended());
    assertFalse(result.unfinished());
    CycleFacts facts = result.facts();
    assertEquals(
        List.of(0L, (long) first, 3L, 6L, 1L, 6L),
        List.of(
            (long) facts.lane(),
            (long) facts.cycle(),
            facts.frames(),
            facts.records(),
            facts.firstSequence(),
            facts.lastSequence()));
    byte[] bytes = Files.readAllBytes(journal.file(first));
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, (int) facts.bytes());
    assertEquals((int) crc.getValue(), facts.crc32c());
    assertTrue(bytes[(int) facts.bytes() - 1] != 0);
    assertEquals(
        new CycleFacts.Times(
            1_772_323_200_000_000_000L,
            1_772_323_200_000_000_000L,
            1_772_712_000_000_000_000L,
            1_772_712_000_000_000_000L),
        facts.times());

    CycleInspection.Result second = inspect(journal.file(journal.cycle()), journal.cycle());
    assertEquals(List.of(), faults);
    assertFalse(second.ended());
    assertEquals(7, second.facts().firstSequence());
    assertEquals(13, second.facts().lastSequence());
  }

  @Test
  void thousandsOfFramesAndAReopeningLeaveNoFault() throws IOException {
    JournalFixture journal = new JournalFixture(directory);
    int[] ones = IntStream.range(0, 700).map(i -> 1).toArray();
    journal.write(ones).write(1).write(ones).write();

    CycleInspection.Result result = inspect(journal.file(journal.cycle()), journal.cycle());

    assertEquals(List.of(), faults);
    assertEquals(1_401, result.facts().frames());
  }

  /** The file's bytes up to the end, and some zeros. */
  private static byte[] image(JournalFixture journal, int cycle) throws IOException {
    Path file = journal.file(cycle);
    CycleInspection.Result result = CycleInspection.inspect(file, 0, cycle, false, null, fault -> {
      throw new AssertionError(fault.toString());
    });
    byte[] bytes = new byte[(int) result.facts().bytes() + 4_096];
    try (var in = Files.newInputStream(file)) {
      in.readNBytes(bytes, 0, bytes.length);
    }
    return bytes;
  }

  @Test
  void everyChangeOfAByteIsFoundWhereItIs() throws IOException {
    long seed = 20_260_305;
    SplittableRandom random = new SplittableRandom(seed);
    JournalFixture journal = new JournalFixture(directory.resolve("a"));
    int[] ones = IntStream.range(0, 300).map(i -> 1 + i % 3).toArray();
    journal.write(ones);
    int cycle = journal.cycle();
    journal.later(Duration.ofHours(1)).write(1);
    byte[] sound = image(journal, cycle);
    int end = sound.length - 4_096;
    Path file = directory.resolve("damaged.cq4");
    int[] places = IntStream.concat(
            IntStream.concat(IntStream.range(0, 320), IntStream.range(33_000, 33_080)),
            IntStream.concat(
                IntStream.range(65_790, 66_200),
                IntStream.concat(
                    IntStream.range(end - 200, sound.length),
                    IntStream.generate(() -> random.nextInt(end)).limit(600))))
        .toArray();
    for (int place : places) {
      byte[] damaged = sound.clone();
      damaged[place] ^= (byte) (place % 2 == 0 ? 1 << random.nextInt(8) : random.nextInt(1, 256));
      Files.write(file, damaged);

      CycleInspection.Result result = inspect(file, cycle);

      String what = "seed %d, offset %d of %d: %s".formatted(seed, place, end, faults);
      assertTrue(result.faults() > 0, what);
      long nearest = faults.stream()
          .mapToLong(fault -> Math.abs(fault.offset() - place))
          .min()
          .orElseThrow();
      assertTrue(nearest <= 1_000, what);
    }
  }

  @Test
  void allOfManyDamagedPlacesInOneFileAreTold() throws IOException {
    JournalFixture journal = new JournalFixture(directory.resolve("a"));
    journal.write(IntStream.range(0, 1_000).map(i -> 2).toArray());
    byte[] sound = image(journal, journal.cycle());
    // Frames of two events are alike but for digits: take one inside each 20th.
    List<Integer> frames = new ArrayList<>();
    for (int at = 65_808; at < sound.length - 8; at += 4) {
      if (sound[at + 4] == 'W' && sound[at + 5] == 'E' && sound[at + 6] == 'I') {
        frames.add(at);
      }
    }
    assertEquals(1_000, frames.size());
    byte[] damaged = sound.clone();
    List<Long> places = new ArrayList<>();
    for (int i = 7; i < 1_000; i += 20) {
      damaged[frames.get(i) + (i % 60 == 7 ? 1 : 4 + i % 60)] ^= 0x10;
      places.add((long) frames.get(i));
    }
    Path file = Files.write(directory.resolve("damaged.cq4"), damaged);

    inspect(file, journal.cycle());

    List<Long> told = faults.stream().map(CycleFault::offset).toList();
    assertTrue(told.containsAll(places), faults.toString());
  }

  @Test
  void aFileCutAtAnyByteOfItsEndIsNotTakenForWhole() throws IOException {
    JournalFixture journal = new JournalFixture(directory.resolve("a")).write(1, 1, 1);
    int cycle = journal.cycle();
    journal.later(Duration.ofHours(1)).write(1);
    byte[] sound = image(journal, cycle);
    int end = sound.length - 4_096;
    // The end mark is four bytes, and a text of four that says no more.
    for (int length = 0; length < end - 4; length += length < 65_000 ? 997 : 1) {
      Path file = Files.write(directory.resolve("cut.cq4"), Arrays.copyOf(sound, length));

      CycleInspection.Result result = inspect(file, cycle);

      assertTrue(
          result.faults() > 0 || !result.ended() || result.facts().lastSequence() < 3,
          "cut at " + length);
    }
  }

  @Test
  void aFrameOfAnotherLaneOrOutOfSequenceIsAFault() throws IOException {
    JournalFixture journal = new JournalFixture(directory);
    try (JournalLane lane = journal.open();
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      journal.append(writer, 2);
      journal.frame(3);
      journal.append(writer, 1);
    }
    inspect(journal.file(journal.cycle()), journal.cycle());
    assertEquals(
        List.of("begins at sequence 6, expected 3"),
        faults.stream().map(CycleFault::what).toList());

    faults.clear();
    CycleInspection.inspect(
        journal.file(journal.cycle()), 1, journal.cycle(), false, null, faults::add);
    assertEquals(
        List.of("belongs to lane 0", "belongs to lane 0"),
        faults.stream().map(CycleFault::what).toList());
  }

  @Test
  void theHeadIsWhatChronicleWritesToday() throws IOException {
    JournalFixture journal = new JournalFixture(directory).write(1);
    byte[] image = image(journal, journal.cycle());
    for (int i = 0; i < ChronicleHead.HEAD_BYTES; i++) {
      assertTrue(ChronicleHead.isHeadByte(i, image[i]), "byte " + i);
    }
  }

  @Test
  void aFileThatWasNotBegunHasNothing() throws IOException {
    Path file = Files.write(directory.resolve("new.cq4"), new byte[100_000]);

    CycleInspection.Result result = inspect(file, 1);

    assertEquals(List.of(), faults);
    assertEquals(0, result.facts().records());
    assertEquals(0, result.facts().bytes());
  }
}
