package dev.weir.api.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weir.api.http.ApiError;
import dev.weir.metering.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {

  private static final int MIB = 1 << 20;
  private static final byte[] TEXT = "{\"id\":\"1\"}\n".repeat(1_000).getBytes(UTF_8);

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** Zeros, compressed, without ever holding them. */
  private static byte[] bomb(int mebibytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < mebibytes; i++) {
        out.write(new byte[MIB]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static void requireMalformed(byte[] body) {
    Refusal refusal = assertThrows(Refusal.class, () -> Gunzip.bounded(body, MIB));
    assertEquals(ApiError.BODY_MALFORMED, refusal.code(), refusal.text());
  }

  @Test
  void whatWasCompressedComesBack() {
    byte[] noise = new byte[300_000];
    new Random(7).nextBytes(noise);
    for (byte[] plain : new byte[][] {{}, {1}, TEXT, noise, new byte[MIB]}) {
      assertArrayEquals(plain, Gunzip.bounded(gzip(plain), MIB));
    }
  }

  @Test
  void theBoundIsOnWhatComesOut() {
    byte[] packed = gzip(TEXT);
    assertArrayEquals(TEXT, Gunzip.bounded(packed, TEXT.length));
    Refusal refusal = assertThrows(Refusal.class, () -> Gunzip.bounded(packed, TEXT.length - 1));
    assertEquals(ApiError.BODY_TOO_LARGE, refusal.code());
  }

  @Test
  void aBombStopsAtTheBoundWithBoundedMemory() {
    byte[] bomb = bomb(1_024);
    assertTrue(bomb.length < 1_100_000, "a thousandfold: " + bomb.length);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long began = System.nanoTime();

    Refusal refusal = assertThrows(Refusal.class, () -> Gunzip.bounded(bomb, 8 * MIB));

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertEquals(ApiError.BODY_TOO_LARGE, refusal.code());
    assertTrue(allocated < 24 * MIB, "allocated " + allocated);
    assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took.toString());
  }

  @Test
  void aBombInABombIsUnpackedOnce() {
    byte[] inner = bomb(512);
    assertArrayEquals(inner, Gunzip.bounded(gzip(inner), MIB));
  }

  @Test
  void membersFollowOneAnotherAndCountTogether() {
    byte[] packed = gzip(TEXT);
    byte[] twice = joined(packed, gzip(new byte[0]), packed);
    assertArrayEquals(joined(TEXT, TEXT), Gunzip.bounded(twice, MIB));
    byte[][] many = new byte[200][];
    Arrays.fill(many, gzip(new byte[MIB]));
    Refusal refusal = assertThrows(Refusal.class, () -> Gunzip.bounded(joined(many), 8 * MIB));
    assertEquals(ApiError.BODY_TOO_LARGE, refusal.code());
  }

  /** 400,000 members with nothing in them: the most work that a body can ask for. */
  @Test
  void manyEmptyMembersCostLittle() {
    byte[] empty = gzip(new byte[0]);
    byte[] body = new byte[empty.length * (8 * MIB / empty.length)];
    for (int i = 0; i < body.length; i += empty.length) {
      System.arraycopy(empty, 0, body, i, empty.length);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertEquals(0, Gunzip.bounded(body, 8 * MIB).length));
  }

  @Test
  void everyCutIsNoticed() {
    byte[] packed = gzip(TEXT);
    byte[] twice = joined(packed, packed);
    for (int length = 0; length < twice.length; length++) {
      if (length != packed.length) {
        requireMalformed(Arrays.copyOf(twice, length));
      }
    }
  }

  /** The flags of a text, the time, and the system are no part of the content. */
  @Test
  void everyFlippedBitOfTheContentIsNoticed() {
    byte[] packed = gzip("{\"id\":\"1\",\"source\":\"somewhere\"}".getBytes(UTF_8));
    byte[] plain = Gunzip.bounded(packed, MIB);
    for (int bit = 0; bit < packed.length * 8; bit++) {
      byte[] damaged = packed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(plain, Gunzip.bounded(damaged, MIB), "bit " + bit);
        assertTrue(bit / 8 >= 3 && bit / 8 < 10, "bit " + bit);
      } catch (Refusal refusal) {
        assertEquals(ApiError.BODY_MALFORMED, refusal.code());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "[]", "\u001f", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"})
  void whatFollowsTheLastMemberIsNeitherLostNorGuessed(String text) {
    requireMalformed(text.getBytes(UTF_8));
    if (!text.isEmpty()) {
      requireMalformed(joined(gzip(TEXT), text.getBytes(UTF_8)));
    }
  }

  @Test
  void optionalFieldsOfTheHeaderAreSkipped() {
    byte[] packed = gzip(TEXT);
    byte[] head = Arrays.copyOf(packed, 10);
    byte[] rest = Arrays.copyOfRange(packed, 10, packed.length);
    head[3] = 2 + 4 + 8 + 16;
    byte[] extra = {3, 0, 1, 2, 3};
    byte[] name = "events.json\0".getBytes(UTF_8);
    byte[] comment = "\0".getBytes(UTF_8);
    byte[] withFields = joined(head, extra, name, comment, new byte[2], rest);
    assertArrayEquals(TEXT, Gunzip.bounded(withFields, MIB));
    requireMalformed(joined(head, new byte[] {(byte) 0xff, (byte) 0xff, 0}));
    requireMalformed(joined(head, extra, "endless".getBytes(UTF_8)));
  }

  @Test
  void aWrongChecksumOrLengthIsRefused() {
    for (int at : new int[] {1, 5}) {
      byte[] packed = gzip(TEXT);
      packed[packed.length - at]++;
      requireMalformed(packed);
    }
  }
}
