package dev.weir.metering.journal;

import dev.weir.metering.event.ByteWriter;
import dev.weir.metering.event.EventBatch;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Builds one frame. All little-endian:
 *
 * <pre>
 * 0   magic "WEIR" (4)        4  format version (2)    6  lane (2)
 * 8   first sequence (8)      16 records (4)           20 length of the whole frame (4)
 * 24  groups, one a request:
 *       tenant (16)  received, nanoseconds (8)  records (4)  head bytes (4)  data bytes (4)
 *       heads (see EventBatch)  data documents, each followed by a line feed
 * end CRC32C of everything before it (4)
 * </pre>
 *
 * Confined to one thread; the buffer is reused from frame to frame.
 */
public final class FrameWriter {

  static final int MAGIC = 0x52494557;
  static final short VERSION = 1;
  static final int HEADER_BYTES = 24;
  static final int GROUP_HEADER_BYTES = 36;
  static final int TRAILER_BYTES = 4;

  private final ByteWriter buffer = new ByteWriter(32 * 1024);
  private final ByteWriter datas = new ByteWriter(32 * 1024);
  private final CRC32C crc = new CRC32C();
  private int records;
  private int groupStart;
  private int groupRecords;

  /** Starts a frame. */
  public void begin(int lane, long firstSequence) {
    buffer.truncate(0);
    records = 0;
    buffer.putInt(MAGIC);
    buffer.putShort(VERSION);
    buffer.putShort(lane);
    buffer.putLong(firstSequence);
    buffer.putInt(0);
    buffer.putInt(0);
  }

  /** Starts the group of one request. */
  public void beginGroup(UUID tenantId, long receivedNanos) {
    groupStart = buffer.size();
    groupRecords = 0;
    datas.truncate(0);
    buffer.putLong(tenantId.getMostSignificantBits());
    buffer.putLong(tenantId.getLeastSignificantBits());
    buffer.putLong(receivedNanos);
    buffer.putInt(0);
    buffer.putInt(0);
    buffer.putInt(0);
  }

  /** Adds a record of the request, marked as a conflict or not. */
  public void add(EventBatch batch, int index, boolean conflict) {
    int headFrom = batch.headFrom(index);
    int at = buffer.size();
    buffer.putBytes(batch.headBytes(), headFrom, batch.headTo(index) - headFrom);
    if (conflict) {
      buffer.array()[at] |= EventBatch.FLAG_CONFLICT;
    }
    int dataFrom = batch.dataFrom(index);
    datas.putBytes(batch.dataBytes(), dataFrom, batch.dataTo(index) - dataFrom);
    groupRecords++;
  }

  /** Ends the group; a group without records leaves no trace. */
  public void endGroup() {
    if (groupRecords == 0) {
      buffer.truncate(groupStart);
      return;
    }
    int headBytes = buffer.size() - groupStart - GROUP_HEADER_BYTES;
    buffer.setInt(groupStart + 24, groupRecords);
    buffer.setInt(groupStart + 28, headBytes);
    buffer.setInt(groupStart + 32, datas.size());
    buffer.putBytes(datas.array(), 0, datas.size());
    records += groupRecords;
  }

  /** Completes the frame; read it from {@link #array} up to {@link #length}. */
  public void end() {
    buffer.setInt(16, records);
    buffer.setInt(20, buffer.size() + TRAILER_BYTES);
    crc.reset();
    crc.update(buffer.array(), 0, buffer.size());
    buffer.putInt((int) crc.getValue());
  }

  public int records() {
    return records;
  }

  public byte[] array() {
    return buffer.array();
  }

  public int length() {
    return buffer.size();
  }
}
