package dev.weir.metering.journal;

import dev.weir.metering.event.EventBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A frame read back (see {@link FrameWriter} for the layout): checked as a whole when loaded, then
 * walked group by group and record by record without allocation. Confined to one thread; the buffer is
 * reused for the next frame.
 */
public final class Frame {

  /** Receives the records of a frame in order. */
  @FunctionalInterface
  public interface Visitor {
    void record(RecordView record);
  }

  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[16 * 1024];
  private ByteBuffer buffer = wrap(bytes);
  private int length;

  /** A copy of a frame that a writer has ended. */
  public static Frame of(FrameWriter written) {
    Frame frame = new Frame();
    System.arraycopy(written.array(), 0, frame.room(written.length()), 0, written.length());
    return frame;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Makes room for a frame of this length and gives the array to fill. */
  byte[] room(int frameLength) {
    if (bytes.length < frameLength) {
      bytes = new byte[Integer.highestOneBit(Math.max(frameLength, 1) - 1) << 1];
      buffer = wrap(bytes);
    }
    length = frameLength;
    return bytes;
  }

  /** Why the frame in the buffer is not sound; empty when it is. */
  String fault() {
    if (length < FrameWriter.HEADER_BYTES + FrameWriter.TRAILER_BYTES) {
      return "shorter than a header";
    }
    if (buffer.getInt(0) != FrameWriter.MAGIC) {
      return "no frame magic";
    }
    if (buffer.getShort(4) != FrameWriter.VERSION) {
      return "unknown format version " + buffer.getShort(4);
    }
    if (buffer.getInt(20) != length) {
      return "length field %d, document length %d".formatted(buffer.getInt(20), length);
    }
    crc.reset();
    crc.update(bytes, 0, length - FrameWriter.TRAILER_BYTES);
    int stored = buffer.getInt(length - FrameWriter.TRAILER_BYTES);
    return (int) crc.getValue() == stored ? "" : "checksum mismatch";
  }

  public int lane() {
    return buffer.getShort(6);
  }

  public long firstSequence() {
    return buffer.getLong(8);
  }

  public int records() {
    return buffer.getInt(16);
  }

  public long lastSequence() {
    return firstSequence() + records() - 1;
  }

  /** When the first request of the frame was received, in nanoseconds since 1970. */
  public long firstReceivedNanos() {
    return buffer.getLong(FrameWriter.HEADER_BYTES + 16);
  }

  /** Walks the records of one tenant in order, and passes over those of others unread. */
  public void forEachOf(UUID tenant, Visitor visitor) {
    walk(tenant, visitor);
  }

  /** Walks all records in order. The view is one object that moves. */
  public void forEach(Visitor visitor) {
    walk(null, visitor);
  }

  private void walk(@Nullable UUID only, Visitor visitor) {
    RecordView view = new RecordView(bytes, buffer);
    long sequence = firstSequence();
    int at = FrameWriter.HEADER_BYTES;
    int end = length - FrameWriter.TRAILER_BYTES;
    while (at < end) {
      int count = buffer.getInt(at + 24);
      if (only != null
          && (buffer.getLong(at) != only.getMostSignificantBits()
              || buffer.getLong(at + 8) != only.getLeastSignificantBits())) {
        sequence += count;
        at += FrameWriter.GROUP_HEADER_BYTES + buffer.getInt(at + 28) + buffer.getInt(at + 32);
        continue;
      }
      int headFrom = at + FrameWriter.GROUP_HEADER_BYTES;
      int dataFrom = headFrom + buffer.getInt(at + 28);
      view.enterGroup(
          at,
          new UUID(buffer.getLong(at), buffer.getLong(at + 8)),
          buffer.getLong(at + 16),
          dataFrom,
          buffer.getInt(at + 32));
      int head = headFrom;
      for (int i = 0; i < count; i++) {
        head = view.moveTo(head, sequence++);
        visitor.record(view);
      }
      at = dataFrom + buffer.getInt(at + 32);
    }
  }

  /** One record, as a view into the frame; valid during the visit only. */
  public static final class RecordView {
    private final byte[] bytes;
    private final ByteBuffer buffer;
    private UUID tenantId = new UUID(0, 0);
    private long receivedNanos;
    private int groupFrom;
    private int groupDataFrom;
    private int groupDataLength;
    private int nextData;
    private long sequence;
    private int head;
    private int headEnd;
    private int sourceAt;
    private int idAt;
    private int typeAt;
    private int subjectAt;
    private int extensionsAt;
    private int dataFrom;
    private int dataLength;

    RecordView(byte[] bytes, ByteBuffer buffer) {
      this.bytes = bytes;
      this.buffer = buffer;
    }

    void enterGroup(int from, UUID tenant, long received, int dataStart, int dataBytes) {
      groupFrom = from;
      tenantId = tenant;
      receivedNanos = received;
      groupDataFrom = dataStart;
      groupDataLength = dataBytes;
      nextData = dataStart;
    }

    /** Points at the record whose head begins here; gives where the next head begins. */
    int moveTo(int at, long recordSequence) {
      sequence = recordSequence;
      head = at;
      sourceAt = at + 17;
      idAt = after(sourceAt);
      typeAt = after(idAt);
      subjectAt = after(typeAt);
      extensionsAt = after(subjectAt);
      int dataLengthAt = extensionsAt + 4 + buffer.getInt(extensionsAt);
      dataLength = buffer.getInt(dataLengthAt);
      dataFrom = nextData;
      nextData += dataLength == 0 ? 0 : dataLength + 1;
      headEnd = dataLengthAt + 4;
      return headEnd;
    }

    private int after(int textAt) {
      return textAt + 2 + length(textAt);
    }

    private int length(int textAt) {
      return buffer.getShort(textAt) & 0xffff;
    }

    private String text(int textAt) {
      return new String(bytes, textAt + 2, length(textAt), StandardCharsets.UTF_8);
    }

    /** A copy that outlives the visit. */
    public JournaledEvent copy(int lane) {
      return new JournaledEvent(
          lane,
          sequence,
          bytes[head],
          tenantId,
          receivedNanos,
          timeNanos(),
          payloadHash(),
          source(),
          id(),
          type(),
          subject(),
          extensions(),
          data());
    }

    public UUID tenantId() {
      return tenantId;
    }

    public long receivedNanos() {
      return receivedNanos;
    }

    public long sequence() {
      return sequence;
    }

    public boolean isConflict() {
      return (bytes[head] & EventBatch.FLAG_CONFLICT) != 0;
    }

    /** Whether this takes back an earlier record: its values count with the opposite sign. */
    public boolean isVoid() {
      return (bytes[head] & EventBatch.FLAG_VOID) != 0;
    }

    /** Whether this takes the place of a voided record; counts like any event. */
    public boolean isReplacement() {
      return (bytes[head] & EventBatch.FLAG_REPLACEMENT) != 0;
    }

    public boolean isTimeGiven() {
      return (bytes[head] & EventBatch.FLAG_TIME_GIVEN) != 0;
    }

    public long timeNanos() {
      return buffer.getLong(head + 1);
    }

    public long payloadHash() {
      return buffer.getLong(head + 9);
    }

    public byte[] bytes() {
      return bytes;
    }

    /** Where source and id lie with their lengths: the bytes that the identity is the hash of. */
    public int identityFrom() {
      return sourceAt;
    }

    public int identityLength() {
      return typeAt - sourceAt;
    }

    public String source() {
      return text(sourceAt);
    }

    public String id() {
      return text(idAt);
    }

    /** Where the type's UTF-8 bytes lie, for interning. */
    public int typeFrom() {
      return typeAt + 2;
    }

    public int typeLength() {
      return length(typeAt);
    }

    public int subjectFrom() {
      return subjectAt + 2;
    }

    public int subjectLength() {
      return length(subjectAt);
    }

    public String type() {
      return text(typeAt);
    }

    public String subject() {
      return text(subjectAt);
    }

    /** Extension attributes as a JSON object; empty text when there are none. */
    public String extensions() {
      int size = buffer.getInt(extensionsAt);
      return new String(bytes, extensionsAt + 4, size, StandardCharsets.UTF_8);
    }

    public int dataFrom() {
      return dataFrom;
    }

    public int dataLength() {
      return dataLength;
    }

    public String data() {
      return new String(bytes, dataFrom, dataLength, StandardCharsets.UTF_8);
    }

    /** Where in the frame the request's group begins. */
    public int groupFrom() {
      return groupFrom;
    }

    /** Where in the frame the record's head begins. */
    public int headFrom() {
      return head;
    }

    public int headLength() {
      return headEnd - head;
    }

    /** Where the data documents of the whole request lie. */
    public int groupDataFrom() {
      return groupDataFrom;
    }

    public int groupDataLength() {
      return groupDataLength;
    }
  }
}
