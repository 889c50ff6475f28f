package dev.weir.metering.dedup;

import dev.weir.metering.Invariant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The head of a sealed segment. All little-endian:
 *
 * <pre>
 * 0   magic "WIDS" (4)      4  format version (2)     6  journal lane (2)
 * 8   first sequence (8)    16 last sequence (8)      24 location of the last frame (8)
 * 32  oldest receive second (8)                       40 newest receive second (8)
 * 48  key fingerprint (8)   56 identities (4)
 * 60  prefix bytes (1)      61 page bits (1)          62 zero (2)
 * 64  CRC32C of the directory (4)                     68 CRC32C of bytes 0 to 67 (4)
 * </pre>
 *
 * @param oldestSeconds the earliest receive time of an identity, in seconds since 1970
 * @param newestSeconds the latest
 * @param fingerprint of the key that identities were hashed with
 * @param count how many identities there are
 */
record SegmentHeader(
    int lane,
    Stretch stretch,
    long oldestSeconds,
    long newestSeconds,
    long fingerprint,
    int count,
    SegmentLayout layout) {

  static final int BYTES = 72;

  private static final int MAGIC = 0x53444957;
  private static final short VERSION = 1;

  SegmentHeader {
    Invariant.check(count >= 1, "a segment has identities");
  }

  ByteBuffer write(int directoryChecksum) {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(MAGIC).putShort(VERSION).putShort((short) lane);
    buffer.putLong(stretch.first()).putLong(stretch.last()).putLong(stretch.location());
    buffer.putLong(oldestSeconds).putLong(newestSeconds).putLong(fingerprint).putInt(count);
    buffer.put((byte) layout.prefixBytes()).put((byte) layout.pageBits()).putShort((short) 0);
    buffer.putInt(directoryChecksum);
    buffer.putInt(checksum(buffer));
    return buffer.flip();
  }

  private static int checksum(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().position(0).limit(BYTES - 4));
    return (int) crc.getValue();
  }

  /** Reads a head from the beginning of the buffer, which is little-endian. */
  static SegmentHeader read(ByteBuffer buffer) throws SegmentDamaged {
    check(buffer.limit() >= BYTES, "shorter than a header");
    check(buffer.getInt(0) == MAGIC, "no segment magic");
    check(buffer.getShort(4) == VERSION, "unknown format version " + buffer.getShort(4));
    check(buffer.getInt(68) == checksum(buffer), "header checksum mismatch");
    long first = buffer.getLong(8);
    long last = buffer.getLong(16);
    int count = buffer.getInt(56);
    check(first >= 1 && last >= first && count >= 1, "impossible header");
    return new SegmentHeader(
        buffer.getShort(6),
        new Stretch(first, last, buffer.getLong(24)),
        buffer.getLong(32),
        buffer.getLong(40),
        buffer.getLong(48),
        count,
        SegmentLayout.read(buffer.get(60), buffer.get(61)));
  }

  static int directoryChecksum(ByteBuffer header) {
    return header.getInt(64);
  }

  private static void check(boolean holds, String reason) throws SegmentDamaged {
    if (!holds) {
      throw new SegmentDamaged(reason);
    }
  }
}
