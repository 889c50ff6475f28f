package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSegmentTest {

  private static final Stretch STRETCH = new Stretch(7, 1_000_000, 99);

  @TempDir
  Path directory;

  private record Identity(long high, long low) {}

  private Path write(Map<Identity, Long> identities) throws IOException {
    Path file = directory.resolve("segment");
    try (MemoryVolume volume = new MemoryVolume(0)) {
      identities.forEach((id, payload) -> volume.add(id.high(), id.low(), payload));
      SegmentHeader header = new SegmentHeader(
          3, STRETCH, 1_000, 2_000, 42, identities.size(), SegmentLayout.of(identities.size()));
      try (FileChannel channel = SegmentDisk.FILES.create(file)) {
        SegmentWriter.write(SegmentDisk.FILES, file, channel, volume, header);
      }
    }
    return file;
  }

  private static Map<Identity, Long> random(int count, long seed) {
    Random random = new Random(seed);
    Map<Identity, Long> identities = new HashMap<>();
    while (identities.size() < count) {
      identities.put(new Identity(random.nextLong(), random.nextLong()), random.nextLong());
    }
    return identities;
  }

  private void assertHolds(Map<Identity, Long> identities, int looksMax) throws Exception {
    Path file = write(identities);
    SealedSegment.Scratch scratch = new SealedSegment.Scratch();
    try (SealedSegment segment = SealedSegment.open(file)) {
      assertEquals(STRETCH, segment.header().stretch());
      assertEquals(identities.size(), segment.header().count());
      assertEquals(Files.size(file), segment.fileBytes());
      Random random = new Random(identities.size());
      int looks = Math.min(identities.size(), looksMax);
      identities.forEach((id, payload) -> {
        if (random.nextInt(identities.size()) >= looks) {
          return;
        }
        assertEquals(Match.SAME, segment.match(id.high(), id.low(), payload, scratch));
        assertEquals(Match.OTHER, segment.match(id.high(), id.low(), payload + 1, scratch));
        for (int bit = 0; bit < 64; bit += 13) {
          Identity other = new Identity(id.high() ^ 1L << bit, id.low());
          Identity another = new Identity(id.high(), id.low() ^ 1L << bit);
          assertAbsent(identities, other, segment, scratch);
          assertAbsent(identities, another, segment, scratch);
        }
      });
      List<Long> highs = new ArrayList<>();
      segment.forEach(highs::add);
      List<Long> expected =
          new ArrayList<>(identities.keySet().stream().map(Identity::high).toList());
      expected.sort(Long::compareUnsigned);
      assertEquals(expected, highs);
    }
  }

  private static void assertAbsent(
      Map<Identity, Long> identities,
      Identity other,
      SealedSegment segment,
      SealedSegment.Scratch scratch) {
    if (!identities.containsKey(other)) {
      assertEquals(Match.ABSENT, segment.match(other.high(), other.low(), 0, scratch));
    }
  }

  @Test
  void everyIdentityIsFoundAndNoOther() throws Exception {
    for (int count : new int[] {1, 2, 127, 511, 512, 513, 5_000, 131_071, 131_072, 200_000}) {
      assertHolds(random(count, count), 10_000);
    }
  }

  @Test
  void identitiesThatAreNotSpreadAreFoundToo() throws Exception {
    Map<Identity, Long> identities = new HashMap<>();
    // More than a group's size can say: all in one page then.
    for (long n = 0; n < 140_000; n++) {
      identities.put(new Identity(n / 3, n), n);
    }
    for (long high : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (long low : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        identities.put(new Identity(high, low), high ^ low);
      }
    }
    assertHolds(identities, 100);
    identities.keySet().removeIf(id -> id.low() > 600);
    assertHolds(identities, 1_000);
  }

  @Test
  void aMillionIdentitiesTakeLittleMoreThan18BytesEach() throws Exception {
    int count = 1 << 20;
    Path file = directory.resolve("million");
    Random random = new Random(5);
    try (MemoryVolume volume = new MemoryVolume(0)) {
      for (int i = 0; i < count; i++) {
        volume.add(random.nextLong(), random.nextLong(), i);
      }
      try (FileChannel channel = SegmentDisk.FILES.create(file)) {
        SegmentWriter.write(
            SegmentDisk.FILES,
            file,
            channel,
            volume,
            new SegmentHeader(0, STRETCH, 0, 0, 0, count, SegmentLayout.of(count)));
      }
    }
    assertEquals(new SegmentLayout(2, 13), SegmentLayout.of(count));
    assertEquals(72 + 4 * 8_193 + 8_192 * (16 + 4) + 18 * count, Files.size(file));
  }

  /** Whether the file is refused when it is loaded. */
  private static boolean isRefused(Path file) throws IOException {
    try (SealedSegment segment = SealedSegment.open(file)) {
      segment.forEach(high -> {});
      return false;
    } catch (SegmentDamaged e) {
      return true;
    }
  }

  @Test
  void everyFlippedBitIsFoundWhenTheFileIsLoaded() throws Exception {
    for (int count : new int[] {3, 700}) {
      Path file = write(random(count, 1));
      byte[] sound = Files.readAllBytes(file);
      assertEquals(false, isRefused(file));
      for (int at = 0; at < sound.length; at += count < 100 || at < 300 ? 1 : 13) {
        byte[] bytes = sound.clone();
        bytes[at] ^= (byte) (1 << at % 8);
        Files.write(file, bytes);
        assertTrue(isRefused(file), "count " + count + ", byte " + at);
      }
    }
  }

  @Test
  void everyLengthButTheRightOneIsFound() throws Exception {
    Path file = write(random(600, 2));
    byte[] sound = Files.readAllBytes(file);
    for (int length = 0; length < sound.length; length += length < 200 ? 1 : 41) {
      Files.write(file, Arrays.copyOf(sound, length));
      assertTrue(isRefused(file), "length " + length);
    }
    Files.write(file, Arrays.copyOf(sound, sound.length + 1));
    assertTrue(isRefused(file));
  }

  @Test
  void aPageThatIsDamagedLaterIsNeverBelieved() throws Exception {
    Map<Identity, Long> identities = random(600, 3);
    Path file = write(identities);
    byte[] sound = Files.readAllBytes(file);
    SealedSegment.Scratch scratch = new SealedSegment.Scratch();
    try (SealedSegment segment = SealedSegment.open(file)) {
      int dataFrom = SegmentHeader.BYTES + segment.header().layout().directoryBytes();
      for (int at = dataFrom; at < sound.length; at += 97) {
        byte[] bytes = sound.clone();
        bytes[at] ^= 16;
        Files.write(file, bytes);
        int refused = 0;
        for (Map.Entry<Identity, Long> entry : identities.entrySet()) {
          Identity id = entry.getKey();
          try {
            assertEquals(Match.SAME, segment.match(id.high(), id.low(), entry.getValue(), scratch));
          } catch (UncheckedIOException e) {
            assertTrue(String.valueOf(e.getCause()).contains("checksum mismatch"));
            assertTrue(String.valueOf(e.getMessage()).contains(file.toString()));
            refused++;
          }
        }
        assertTrue(refused > 0 && refused < 400, "byte " + at + ", refused " + refused);
      }
    }
  }

  @Test
  void aFileOfAnotherVersionIsRefused() throws Exception {
    assertThrows(SegmentDamaged.class, () -> {
      Path file = directory.resolve("other");
      Files.write(file, new byte[200]);
      SealedSegment.open(file);
    });
  }
}
