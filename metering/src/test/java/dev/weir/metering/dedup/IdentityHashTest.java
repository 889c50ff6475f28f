package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdentityHashTest {

  /** Key 00 01 .. 0f as two little-endian words. */
  private static final long KEY_0 = 0x0706050403020100L;

  private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

  /** The reference implementation's vectors_sip128: input 00 01 .. of length 0, 1, 2, .. */
  private static final String[] REFERENCE = {
    "a3817f04ba25a8e66df67214c7550293",
    "da87c1d86b99af44347659119b22fc45",
    "8177228da4a45dc7fca38bdef60affe4",
    "9c70b60c5267a94e5f33b6b02985ed51",
    "f88164c12d9c8faf7d0f6e7c7bcd5579",
    "1368875980776f8854527a07690e9627",
    "14eeca338b208613485ea0308fd7a15e",
    "a1f1ebbed8dbc153c0b84aa61ff08239",
    "3b62a9ba6258f5610f83e264f31497b4"
  };

  private static String hash(
      IdentityHash hash, long key0, long key1, byte[] bytes, int from, int length) {
    hash.hash(key0, key1, bytes, from, length);
    byte[] output = ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(hash.low())
        .putLong(hash.high())
        .array();
    return HexFormat.of().formatHex(output);
  }

  @Test
  void theReferenceVectorsHold() {
    IdentityHash hash = new IdentityHash();
    for (int length = 0; length < REFERENCE.length; length++) {
      byte[] input = new byte[length];
      for (int i = 0; i < length; i++) {
        input[i] = (byte) i;
      }
      assertEquals(
          REFERENCE[length], hash(hash, KEY_0, KEY_1, input, 0, length), "length " + length);
    }
  }

  @Test
  void itAgreesWithAStraightforwardImplementationOnRandomInput() {
    long seed = 42;
    Random random = new Random(seed);
    IdentityHash hash = new IdentityHash();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - from + 1);
      long key0 = random.nextLong();
      long key1 = random.nextLong();
      assertEquals(
          SlowSipHash.hash(key0, key1, bytes, from, length),
          hash(hash, key0, key1, bytes, from, length),
          "seed " + seed + ", round " + i);
    }
  }

  @Test
  void tenantsShareNoIdentities() {
    IdentityKey key = new IdentityKey(1, 2);
    IdentityKey a = key.forTenant(new UUID(0, 1));
    IdentityKey b = key.forTenant(new UUID(0, 2));
    assertNotEquals(a, b);
    assertEquals(a, key.forTenant(new UUID(0, 1)));
    byte[] bytes = {1, 2, 3};
    IdentityHash hash = new IdentityHash();
    assertNotEquals(
        hash(hash, a.key0(), a.key1(), bytes, 0, 3), hash(hash, b.key0(), b.key1(), bytes, 0, 3));
    assertEquals("IdentityKey[secret]", key.toString());
  }

  @Test
  void aKeyIsReadLittleEndian() {
    byte[] secret = new byte[16];
    for (int i = 0; i < 16; i++) {
      secret[i] = (byte) i;
    }
    assertEquals(new IdentityKey(KEY_0, KEY_1), IdentityKey.of(secret));
  }

  /** SipHash-2-4-128 written from its definition, byte by byte, for comparison only. */
  private static final class SlowSipHash {
    private final long[] v = new long[4];

    static String hash(long key0, long key1, byte[] bytes, int from, int length) {
      SlowSipHash s = new SlowSipHash();
      s.v[0] = 0x736f6d6570736575L ^ key0;
      s.v[1] = 0x646f72616e646f6dL ^ key1 ^ 0xee;
      s.v[2] = 0x6c7967656e657261L ^ key0;
      s.v[3] = 0x7465646279746573L ^ key1;
      byte[] padded = new byte[(length / 8 + 1) * 8];
      System.arraycopy(bytes, from, padded, 0, length);
      padded[padded.length - 1] = (byte) length;
      for (int i = 0; i < padded.length; i += 8) {
        long word = 0;
        for (int j = 7; j >= 0; j--) {
          word = (word << 8) | (padded[i + j] & 0xff);
        }
        s.v[3] ^= word;
        s.round();
        s.round();
        s.v[0] ^= word;
      }
      s.v[2] ^= 0xee;
      String first = s.finish();
      s.v[1] ^= 0xdd;
      return first + s.finish();
    }

    private String finish() {
      for (int i = 0; i < 4; i++) {
        round();
      }
      long word = v[0] ^ v[1] ^ v[2] ^ v[3];
      return HexFormat.of().toHexDigits(Long.reverseBytes(word));
    }

    private void round() {
      half(0, 1, 13, true);
      half(2, 3, 16, false);
      half(0, 3, 21, false);
      half(2, 1, 17, true);
    }

    private void half(int a, int b, int bits, boolean swap) {
      v[a] += v[b];
      v[b] = Long.rotateLeft(v[b], bits) ^ v[a];
      if (swap) {
        v[a] = Long.rotateLeft(v[a], 32);
      }
    }
  }
}
