package dev.weir.metering.explorer.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What a run says of itself. On disk, little-endian, {@value #BYTES} bytes:
 *
 * <pre>
 * 0   magic "WEVX" (4)          4   format version (2)     6   lane (2)
 * 8   cycle (4)                 12  1 if the cycle ends with it (4)
 * 16  first sequence (8)        24  last sequence (8)
 * 32  from offset (8)           40  to offset (8)
 * 48  first and last event time (8, 8)       64  first and last receive time (8, 8)
 * 80  length of the file (8)
 * 88  for each section: offset of the root (8), its length (4), its height (4), entries (8)
 * 316 CRC32C of everything before it (4)
 * </pre>
 */
record RunHeader(Stretch stretch, Times times, long fileBytes, Map<Section, TreeRoot> roots) {

  static final int BYTES = 320;

  private static final int MAGIC = 0x58564557;
  private static final short VERSION = 2;
  private static final int CRC_AT = BYTES - 4;

  RunHeader {
    roots = Collections.unmodifiableMap(new EnumMap<>(roots));
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort(VERSION).putShort((short) stretch.lane());
    out.putInt(stretch.cycle()).putInt(stretch.endsCycle() ? 1 : 0);
    out.putLong(stretch.firstSequence()).putLong(stretch.lastSequence());
    out.putLong(stretch.fromOffset()).putLong(stretch.toOffset());
    out.putLong(times.firstEvent()).putLong(times.lastEvent());
    out.putLong(times.firstReceived()).putLong(times.lastReceived());
    out.putLong(fileBytes);
    for (TreeRoot root : roots.values()) {
      out.putLong(root.offset()).putInt(root.length()).putInt(root.height());
      out.putLong(root.entries());
    }
    out.putInt(CRC_AT, crc(out.array()));
    return out.array();
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  /** Reads a header; throws {@link IllegalArgumentException} with what is wrong with it. */
  static RunHeader read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(CRC_AT) != crc(bytes)) {
      throw new IllegalArgumentException("checksum mismatch in the header");
    }
    if (in.getInt() != MAGIC || in.getShort() != VERSION) {
      throw new IllegalArgumentException("another format than this version reads");
    }
    int lane = in.getShort();
    int cycle = in.getInt();
    boolean endsCycle = in.getInt() == 1;
    Stretch stretch =
        new Stretch(lane, cycle, in.getLong(), in.getLong(), in.getLong(), in.getLong(), endsCycle);
    Times times = new Times(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    long fileBytes = in.getLong();
    Map<Section, TreeRoot> roots = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      roots.put(section, new TreeRoot(in.getLong(), in.getInt(), in.getInt(), in.getLong()));
    }
    return new RunHeader(stretch, times, fileBytes, roots);
  }

  TreeRoot root(Section section) {
    TreeRoot root = roots.get(section);
    return root == null ? TreeRoot.NONE : root;
  }
}
