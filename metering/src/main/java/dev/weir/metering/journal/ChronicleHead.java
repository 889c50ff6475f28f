package dev.weir.metering.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The documents that Chronicle keeps for itself in a cycle's file, as version 2026.4 writes them with
 * the hourly roll of our lanes. Weir's readers do not use them, but the appender does; every byte of
 * them follows from the documents in the file, so that each can be checked.
 *
 * <pre>
 * 0     head: names and types in Chronicle's wire format, and three numbers:
 *         64   where the last document begins
 *         72   its number from 0 in the low, and where it begins in the high 32 bits
 *         176  numbers below this are indexed
 * 200   index of the indexes: capacity, how many are used, and where each index begins
 * then  an index for each 2^20 documents: capacity, how many are used, and where each 256th begins
 * </pre>
 */
final class ChronicleHead {

  static final int META_DATA = 0x4000_0000;

  static final int HEAD_BYTES = 200;
  static final int LAST_POSITION = 64;
  static final int LAST_NUMBER = 72;
  static final int INDEXED_BELOW = 176;
  static final int INDEX_SPACING = 256;
  static final int INDEX_CAPACITY = 4096;

  private static final int ARRAY_BYTES = 16 + INDEX_CAPACITY * 8;

  /** The head with its three numbers left zero. */
  private static final byte[] HEAD = HexFormat.of()
      .parseHex("c1000040b906686561646572b60853435153"
          + "746f726582aa000000cd7772697465506f736974696f6e8e01000000008d0200000000000000020000000000"
          + "000000000000000000000000000000000000c8696e646578696e67b60c53435153496e646578696e67824c00"
          + "0000ca696e646578436f756e74a50010cc696e64657853706163696e67a50001cb696e64657832496e646578"
          + "8fa7c800000000000000c96c617374496e6465788e00000000a70000000000000000ca64617461466f726d61"
          + "74a101000000");

  private ChronicleHead() {}

  /** Whether a head has this byte here; the bytes of its three numbers may be any. */
  static boolean isHeadByte(int at, byte value) {
    boolean number = (at >= LAST_POSITION && at < LAST_POSITION + 16)
        || (at >= INDEXED_BELOW && at < INDEXED_BELOW + 8);
    return number || HEAD[at] == value;
  }

  /** All bytes of an index document up to its capacity, given where the document begins. */
  static byte[] indexStart(long at) {
    return arrayStart(at, at == HEAD_BYTES ? "index2index" : "index");
  }

  /** Where an index document that begins here ends. */
  static long indexEnd(long at) {
    return at + indexStart(at).length + ARRAY_BYTES - 8;
  }

  /** A name, then padding so that the array is aligned to 8 bytes in the file. */
  private static byte[] arrayStart(long at, String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int unpadded = 4 + 2 + text.length + 1;
    int padding = (int) (-(at + unpadded) & 7);
    int length = unpadded + padding - 4 + ARRAY_BYTES;
    ByteBuffer start = ByteBuffer.allocate(unpadded + padding + 8).order(ByteOrder.LITTLE_ENDIAN);
    start.putInt(META_DATA | length).put((byte) 0xb9).put((byte) text.length).put(text);
    if (padding >= 5) {
      start.put((byte) 0x8e).putInt(padding - 5);
      start.position(start.position() + padding - 5);
    } else {
      for (int i = 0; i < padding; i++) {
        start.put((byte) 0x8f);
      }
    }
    return start.put((byte) 0x8d).putLong(INDEX_CAPACITY).array();
  }
}
