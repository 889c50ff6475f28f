package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.event.Decoding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lane reads back after its last file was damaged as crashes, and worse, damage files. */
class JournalRecoveryTest {

  private static final int NOT_COMPLETE = 0x8000_0000;

  @TempDir
  Path directory;

  private Instant now = Instant.parse("2026-03-05T12:00:00Z");

  /** A lane's only file up to the end of its last document, and its frames. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Image(String name, byte[] bytes, long fileSize, List<Integer> frames) {
    int frameLength(int i) {
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(frames.get(i) + 20);
    }

    int lastFrame() {
      return frames.get(frames.size() - 1);
    }
  }

  private Image sound;

  @BeforeEach
  void writeFiveFrames() throws IOException {
    Path home = directory.resolve("sound");
    write(home, 5);
    sound = image(home);
    assertEquals(5, sound.frames().size());
  }

  private JournalLane open(Path home) throws IOException {
    return JournalLane.open(home, 0, () -> now);
  }

  /** Frame i, from 0, has i + 1 records. */
  private static byte[] frame(int i) {
    StringBuilder body = new StringBuilder();
    for (int e = 0; e <= i; e++) {
      body.append(Decoding.event(i + "-" + e, "2026-03-01T00:00:00Z", "{\"n\":" + e + "}"))
          .append('\n');
    }
    return Frames.bytes(0, firstSequence(i), Decoding.lines(body.toString()));
  }

  private static long firstSequence(long i) {
    return i * (i + 1) / 2 + 1;
  }

  private void write(Path home, int... frames) throws IOException {
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      for (int count : frames) {
        int from = (int) frames(lane);
        for (int i = from; i < from + count; i++) {
          byte[] bytes = frame(i);
          assertTrue(writer.hasRoom());
          writer.append(bytes, bytes.length);
        }
      }
    }
  }

  /** Reads everything, checking that it is frame 0, 1, 2, .. with nothing changed. */
  private static long frames(JournalLane lane) {
    try (JournalReader reader = lane.reader()) {
      int count = 0;
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        List<String> expected = new ArrayList<>();
        Frames.read(frame(count)).forEach(r -> expected.add(r.sequence() + r.id() + r.data()));
        List<String> actual = new ArrayList<>();
        frame.forEach(r -> actual.add(r.sequence() + r.id() + r.data()));
        assertEquals(expected, actual);
        count++;
      }
      return count;
    }
  }

  private long readBack(Path home) throws IOException {
    try (JournalLane lane = open(home)) {
      return frames(lane);
    }
  }

  private static List<Path> files(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lane-0"))) {
      return files.filter(f -> f.toString().endsWith(".cq4")).sorted().toList();
    }
  }

  private static Image image(Path home) throws IOException {
    Path file = files(home).get(0);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> frames = new ArrayList<>();
    int end = 0;
    for (int at = 4; at + 24 <= bytes.limit(); at += 4) {
      if (bytes.getInt(at) == FrameWriter.MAGIC) {
        frames.add(at);
        end = at + ((bytes.getInt(at + 20) + 3) & ~3);
      }
    }
    return new Image(
        file.getFileName().toString(), Arrays.copyOf(bytes.array(), end), bytes.limit(), frames);
  }

  private int homes;

  private Path home(byte[] bytes, long fileSize) throws IOException {
    Path home = directory.resolve("home-" + homes++);
    Path file = home.resolve("lane-0").resolve(sound.name());
    Files.createDirectories(file.getParent());
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(fileSize);
      out.write(bytes, 0, (int) Math.min(bytes.length, fileSize));
    }
    return home;
  }

  private Path home(byte[] bytes) throws IOException {
    return home(bytes, bytes.length + 256 * 1_024L);
  }

  /** The lane reads back this many frames, goes on from there, and still does when opened again. */
  private void assertRecovers(int frames, Path home, String what) throws IOException {
    assertEquals(frames, readBack(home), what);
    write(home, 2, 1);
    assertEquals(frames + 3, readBack(home), what);
    if (homes % 4 != 1) {
      return;
    }
    now = now.plus(Duration.ofHours(3));
    write(home, 2);
    assertEquals(frames + 5, readBack(home), what);
    now = now.minus(Duration.ofHours(3));
  }

  @Test
  void anUndamagedLaneGoesOn() throws IOException {
    assertRecovers(5, home(sound.bytes()), "sound");
  }

  @Test
  void aLastFrameWithoutItsEndIsCut() throws IOException {
    int frameEnd = sound.lastFrame() + sound.frameLength(4);
    int whole = sound.frameLength(4) + 4;
    for (int k = 1; k <= whole; k += k < 8 || k > whole - 8 ? 1 : 211) {
      byte[] zeroed = sound.bytes().clone();
      Arrays.fill(zeroed, frameEnd - k, zeroed.length, (byte) 0);
      assertRecovers(4, home(zeroed), "last " + k + " bytes zeroed");
    }
  }

  @Test
  void aFileThatEndsInsideItsLastFrameIsCut() throws IOException {
    int frameEnd = sound.lastFrame() + sound.frameLength(4);
    for (int k : new int[] {1, 2, 3, 4, 5, 100, sound.frameLength(4), sound.frameLength(4) + 3}) {
      assertRecovers(4, home(sound.bytes(), frameEnd - k), "file cut by " + k);
    }
  }

  @Test
  void aGarbledLastFrameIsCut() throws IOException {
    long seed = 3;
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      byte[] garbled = sound.bytes().clone();
      int at = sound.lastFrame() + random.nextInt(sound.frameLength(4));
      int to = Math.min(sound.lastFrame() + sound.frameLength(4), at + 1 + random.nextInt(600));
      for (int b = at; b < to; b++) {
        garbled[b] ^= (byte) (1 + random.nextInt(255));
      }
      assertRecovers(4, home(garbled), "seed %d, bytes %d to %d".formatted(seed, at, to));
    }
  }

  @Test
  void aHalfWrittenDocumentIsCleared() throws IOException {
    for (int written : new int[] {0, 1, 30, 1_000, sound.frameLength(4)}) {
      byte[] half = sound.bytes().clone();
      ByteBuffer.wrap(half)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(sound.lastFrame() - 4, NOT_COMPLETE);
      int from = Math.min(half.length, sound.lastFrame() + written);
      Arrays.fill(half, from, half.length, (byte) 0);
      assertRecovers(4, home(half), written + " bytes of an unfinished document");
    }
  }

  @Test
  void aFileHeadFromBeforeTheLastFrameIsNoObstacle() throws IOException {
    // A power cut may keep the page of the last frame and lose that of the head, which says where
    // the
    // last document is.
    Path older = directory.resolve("older");
    write(older, 4);
    byte[] head = image(older).bytes();
    byte[] mixed = sound.bytes().clone();
    System.arraycopy(head, 0, mixed, 0, 4_096);
    assertRecovers(5, home(mixed), "head of four frames");
    byte[] ahead = head.clone();
    System.arraycopy(sound.bytes(), 0, ahead, 0, 4_096);
    assertRecovers(4, home(ahead), "head of five frames, but four");
  }

  @Test
  void rubbishBehindTheLastFrameIsCleared() throws IOException {
    Random random = new Random(9);
    for (int header : new int[] {0, NOT_COMPLETE, NOT_COMPLETE | 500, 40, 0x3fff_ffff, -1}) {
      byte[] more = Arrays.copyOf(sound.bytes(), sound.bytes().length + 3_000);
      ByteBuffer bytes = ByteBuffer.wrap(more).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = sound.bytes().length + 4; i < more.length; i++) {
        bytes.put(i, (byte) random.nextInt(256));
      }
      bytes.putInt(sound.bytes().length, header);
      // A document that claims to be complete but holds no frame counts as a torn one.
      assertRecovers(5, home(more), "header " + Integer.toHexString(header));
    }
  }

  @Test
  void damageInAnEarlierFrameIsRefusedWithThePlace() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 4; i++) {
      for (int round = 0; round < 3; round++) {
        byte[] damaged = sound.bytes().clone();
        damaged[sound.frames().get(i) + random.nextInt(sound.frameLength(i))] ^= 0x10;
        Path home = home(damaged);
        JournalCorrupt corrupt = assertThrows(JournalCorrupt.class, () -> readBack(home));
        String message = String.valueOf(corrupt.getMessage());
        assertTrue(message.contains("journal lane 0, cycle "), message);
        assertTrue(message.contains("after sequence " + (firstSequence(i) - 1)), message);
      }
    }
  }

  @Test
  void noDamageToADocumentHeaderDropsFramesThatWereAcknowledged() throws IOException {
    for (int i : new int[] {0, 3, 4}) {
      int header = sound.frames().get(i) - 4;
      for (int bit = 0; bit < 32; bit++) {
        byte[] damaged = sound.bytes().clone();
        damaged[header + bit / 8] ^= (byte) (1 << (bit % 8));
        assertNothingDropped(home(damaged), "frame %d, header bit %d".formatted(i, bit));
      }
      for (int value : new int[] {0, 4, -1, 0x3fff_ffff}) {
        byte[] damaged = sound.bytes().clone();
        ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(header, value);
        assertNothingDropped(home(damaged), "frame %d, header %x".formatted(i, value));
      }
    }
  }

  private void assertNothingDropped(Path home, String what) throws IOException {
    long frames;
    try {
      frames = readBack(home);
    } catch (JournalCorrupt refused) {
      assertTrue(String.valueOf(refused.getMessage()).contains("lane"), what);
      return;
    }
    assertEquals(5, frames, what);
  }

  @Test
  void aHalfWrittenDocumentBeforeSoundFramesIsRefused() throws IOException {
    for (int i = 0; i < 4; i++) {
      byte[] damaged = sound.bytes().clone();
      ByteBuffer.wrap(damaged)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(sound.frames().get(i) - 4, NOT_COMPLETE);
      Path home = home(damaged);
      assertThrows(JournalCorrupt.class, () -> readBack(home));
    }
  }

  @Test
  void aGapInTheSequencesIsRefused() throws IOException {
    Path home = home(sound.bytes());
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      byte[] later = frame(6);
      writer.append(later, later.length);
    }
    JournalCorrupt corrupt = assertThrows(JournalCorrupt.class, () -> readBack(home));
    assertTrue(
        String.valueOf(corrupt.getMessage()).contains("begins at sequence 22, expected 16"),
        corrupt.getMessage());
  }

  @Test
  void aFrameOfAnotherLaneIsRefused() throws IOException {
    Path home = home(sound.bytes());
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      byte[] foreign = Frames.bytes(1, firstSequence(5), Decoding.json(Decoding.event("x")));
      writer.append(foreign, foreign.length);
    }
    JournalCorrupt corrupt = assertThrows(JournalCorrupt.class, () -> readBack(home));
    assertTrue(
        String.valueOf(corrupt.getMessage()).contains("belongs to lane 1"), corrupt.getMessage());
  }

  @Test
  void framesReadOnFromHourToHourAndAfterOpeningInALaterOne() throws IOException {
    Path home = directory.resolve("rolling");
    int written = 0;
    for (int opening = 0; opening < 3; opening++) {
      try (JournalLane lane = open(home);
          JournalWriter writer = lane.writer(Flusher.FORCE, 0);
          JournalReader tail = lane.reader()) {
        for (int i = 0; i < written; i++) {
          assertEquals(firstSequence(i), tail.next().firstSequence());
        }
        for (int hour = 0; hour < 4; hour++) {
          for (int i = 0; i < 3; i++) {
            byte[] bytes = frame(written++);
            assertTrue(writer.hasRoom());
            writer.append(bytes, bytes.length);
            assertEquals(firstSequence(written) - 1, tail.next().lastSequence());
          }
          now = now.plus(Duration.ofHours(1 + hour));
        }
      }
      assertEquals(written, readBack(home));
    }
    assertTrue(files(home).size() >= 9, files(home).toString());
  }

  @Test
  void aClockThatWentBackOverAnHourKeepsTheOrder() throws IOException {
    Path home = directory.resolve("back");
    write(home, 3);
    now = now.minus(Duration.ofHours(2));
    write(home, 3);
    assertEquals(6, readBack(home));
    now = now.plus(Duration.ofHours(5));
    write(home, 1);
    assertEquals(7, readBack(home));
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      byte[] before = frame(7);
      writer.append(before, before.length);
      now = now.minus(Duration.ofHours(1));
      byte[] after = frame(8);
      writer.append(after, after.length);
    }
    assertEquals(9, readBack(home));
  }

  /** The end mark was written, the next file's name was not yet durable, and the clock went back. */
  @Test
  void afterAnHourThatHasEndedWritingGoesOnInTheNext() throws IOException {
    Path home = directory.resolve("ended");
    write(home, 3);
    now = now.plus(Duration.ofHours(1));
    write(home, 1);
    Files.delete(files(home).get(1));
    now = now.minus(Duration.ofHours(1));
    for (int i = 4; i <= 6; i++) {
      write(home, 1);
      assertEquals(i, readBack(home));
    }
    now = now.plus(Duration.ofHours(2));
    write(home, 2);
    assertEquals(8, readBack(home));
  }

  @Test
  void aFileWithoutFramesWhoseHeadIsTornIsBegunAnew() throws IOException {
    Path other = directory.resolve("other");
    now = now.plus(Duration.ofHours(1));
    write(other, 1);
    Path later = files(other).get(0);
    byte[] head = Files.readAllBytes(later);
    Random random = new Random(4);
    for (int i = 0; i < 12; i++) {
      Path home = home(sound.bytes());
      byte[] torn = new byte[1 << 20];
      int soundBytes = random.nextInt(2_000);
      System.arraycopy(head, 0, torn, 0, soundBytes);
      for (int at = soundBytes; at < 4_096; at++) {
        torn[at] = i % 2 == 0 ? 0 : (byte) random.nextInt();
      }
      Files.write(home.resolve("lane-0").resolve(later.getFileName()), torn);
      // Also when the process comes back in another hour.
      now = now.plus(Duration.ofHours(i % 3));
      assertRecovers(5, home, "head sound up to " + soundBytes);
      now = now.minus(Duration.ofHours(i % 3));
    }
  }

  @Test
  void aFileThatWasNotEvenBegunIsNoObstacle() throws IOException {
    Path other = directory.resolve("later");
    now = now.plus(Duration.ofHours(1));
    write(other, 1);
    String laterName = files(other).get(0).getFileName().toString();
    now = now.minus(Duration.ofHours(1));
    for (int size : new int[] {0, 4, 4_096, 1 << 20}) {
      for (int header : new int[] {0, NOT_COMPLETE, NOT_COMPLETE | 0x4000_0000}) {
        Path home = home(sound.bytes());
        Path later = home.resolve("lane-0").resolve(laterName);
        try (RandomAccessFile out = new RandomAccessFile(later.toFile(), "rw")) {
          out.setLength(size);
          if (size >= 4) {
            out.writeInt(Integer.reverseBytes(header));
          }
        }
        int hours = 1 + homes % 3;
        now = now.plus(Duration.ofHours(hours));
        assertRecovers(
            5, home, "a file of %d bytes, header %x, +%d h".formatted(size, header, hours));
        now = now.minus(Duration.ofHours(hours));
      }
    }
  }

  @Test
  void readingGoesOnAfterAnyFrame() throws IOException {
    Path home = home(sound.bytes());
    write(home, 40);
    List<Long> indexes = new ArrayList<>();
    try (JournalLane lane = open(home);
        JournalReader reader = lane.reader()) {
      while (reader.next() != null) {
        indexes.add(reader.location());
      }
      assertEquals(45, indexes.size());
      for (int i : IntStream.range(0, 45).toArray()) {
        try (JournalReader later = lane.reader()) {
          later.continueAfter(indexes.get(i), firstSequence(i + 1) - 1);
          Frame next = later.next();
          if (i == 44) {
            assertEquals(null, next);
          } else {
            assertEquals(firstSequence(i + 1), next.firstSequence());
            later.pushBack();
            assertEquals(firstSequence(i + 1), later.next().firstSequence());
          }
        }
        try (JournalReader wrong = lane.reader()) {
          assertThrows(
              JournalCorrupt.class,
              () -> wrong.continueAfter(indexes.get(i), firstSequence(i + 1)));
        }
      }
      try (JournalReader beyond = lane.reader()) {
        assertThrows(JournalCorrupt.class, () -> beyond.continueAfter(indexes.get(44) + 1, 1));
      }
    }
  }

  @Test
  void aTornFrameBehindThousandsIsCutAndTheIndexStaysRight() throws IOException {
    Path home = directory.resolve("many");
    int count = 3_000;
    byte[][] frames = new byte[count + 10][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Frames.bytes(0, i + 1, Decoding.json(Decoding.event("id-" + i)));
    }
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(channel -> {}, 0)) {
      for (int i = 0; i < count; i++) {
        writer.append(frames[i], frames[i].length);
      }
    }
    Image many = image(home);
    try (RandomAccessFile out = new RandomAccessFile(files(home).get(0).toFile(), "rw")) {
      out.seek(many.lastFrame() + 10);
      out.write(77);
    }
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      for (int i = count - 1; i < frames.length; i++) {
        writer.append(frames[i], frames[i].length);
      }
    }
    try (JournalLane lane = open(home);
        JournalReader reader = lane.reader()) {
      for (int i = 0; i < frames.length; i++) {
        assertEquals(i + 1, reader.next().firstSequence());
        if (i >= count - 300) {
          try (JournalReader later = lane.reader()) {
            later.continueAfter(reader.location(), i + 1);
          }
        }
      }
      assertEquals(null, reader.next());
    }
  }

  @Test
  void theLargestFrameIsWrittenAndReadBack() throws IOException {
    Path home = directory.resolve("large");
    String filler = "x".repeat(FrameWriter.HEADER_BYTES);
    byte[] empty = Frames.bytes(
        0,
        1,
        Decoding.json(Decoding.event("1", "2026-01-01T00:00:00Z", "{\"x\":\"" + filler + "\"}")));
    int missing = JournalWriter.FRAME_BYTES_MAX - empty.length;
    byte[] largest = Frames.bytes(
        0,
        1,
        Decoding.json(Decoding.event(
            "1", "2026-01-01T00:00:00Z", "{\"x\":\"" + filler + "x".repeat(missing) + "\"}")));
    assertEquals(JournalWriter.FRAME_BYTES_MAX, largest.length);
    try (JournalLane lane = open(home);
        JournalWriter writer = lane.writer(Flusher.FORCE, 0)) {
      for (int i = 0; i < 5; i++) {
        byte[] frame = i % 2 == 0 ? withSequence(largest, i + 1) : withSequence(empty, i + 1);
        assertTrue(writer.hasRoom());
        writer.append(frame, frame.length);
      }
    }
    try (JournalLane lane = open(home);
        JournalReader reader = lane.reader()) {
      for (int i = 0; i < 5; i++) {
        assertEquals(i + 1, reader.next().lastSequence());
      }
    }
  }

  private static byte[] withSequence(byte[] frame, long sequence) {
    ByteBuffer bytes = ByteBuffer.wrap(frame.clone()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(8, sequence);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(bytes.array(), 0, frame.length - 4);
    bytes.putInt(frame.length - 4, (int) crc.getValue());
    return bytes.array();
  }

  @Test
  void afterAFailedFlushTheWriterIsNotUsedAgain() throws IOException {
    for (int failing = 1; failing <= 2; failing++) {
      Path home = home(sound.bytes());
      int failingCall = failing;
      AtomicInteger calls = new AtomicInteger();
      Flusher flusher = channel -> {
        if (calls.incrementAndGet() == failingCall) {
          throw new IOException("injected");
        }
      };
      try (JournalLane lane = open(home);
          JournalWriter writer = lane.writer(flusher, 0)) {
        byte[] bytes = frame(5);
        assertEquals(
            "injected",
            assertThrows(IOException.class, () -> writer.append(bytes, bytes.length))
                .getMessage());
        assertThrows(IllegalStateException.class, () -> writer.append(bytes, bytes.length));
      }
      // The first flush comes before the frame is written, the second after.
      assertRecovers(4 + failing, home, "after failed flush " + failing);
    }
  }
}
