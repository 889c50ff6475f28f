package dev.weir.metering.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads single records of a cycle's file without the frames around them, where somebody has noted where
 * each record lies and what it sums up to. Confined to one thread.
 *
 * <p>Cost: two or three reads of a few hundred bytes a record, however large its frame.
 */
public final class RecordFile implements AutoCloseable {

  private static final int GROUP_SUMMED_BYTES = 24;
  private static final int FIXED_HEAD_BYTES = 17;
  private static final int TEXTS = 4;

  /** Heads longer than this have long names or extension attributes, and are read once more. */
  private static final int HEAD_BYTES_USUAL = 512;

  private static final int HEAD_BYTES_MAX = 64 * 1024;

  /** Head and data are read at once when they lie this near to each other. */
  private static final int NEAR_BYTES = 8 * 1024;

  private final FileChannel channel;
  private final int lane;
  private final Frame frame = new Frame();
  private final ByteBuffer group =
      ByteBuffer.allocate(FrameWriter.GROUP_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long groupOffset = -1;

  private RecordFile(FileChannel channel, int lane) {
    this.channel = channel;
    this.lane = lane;
  }

  static RecordFile open(Path file, int lane) throws IOException {
    return new RecordFile(FileChannel.open(file, StandardOpenOption.READ), lane);
  }

  /**
   * Where a record lies in its file.
   *
   * @param groupOffset of its request's group
   * @param headOffset of its head
   * @param dataOffset of its data
   * @param sum what {@link #sum} gave
   */
  public record Place(long sequence, long groupOffset, long headOffset, long dataOffset, int sum) {}

  /** A checksum of everything that a record consists of, tenant and receive time included: 31 bits. */
  public static int sum(CRC32C crc, Frame.RecordView record) {
    crc.reset();
    crc.update(record.bytes(), record.groupFrom(), GROUP_SUMMED_BYTES);
    crc.update(record.bytes(), record.headFrom(), record.headLength());
    crc.update(record.bytes(), record.dataFrom(), record.dataLength());
    return (int) crc.getValue() & Integer.MAX_VALUE;
  }

  /**
   * A frame that holds the record alone; null when what lies there is another one, or damaged. The same
   * object each time, with new content.
   */
  public @Nullable Frame read(Place place) {
    try {
      readGroup(place.groupOffset());
      long near = place.dataOffset() - place.headOffset();
      int ahead =
          (int) (near > 0 && near < NEAR_BYTES ? near + HEAD_BYTES_USUAL : HEAD_BYTES_USUAL);
      ByteBuffer head = read(place.headOffset(), ahead);
      int headLength = headLength(head);
      if (headLength < 0 && head.limit() == ahead) {
        head = read(place.headOffset(), HEAD_BYTES_MAX);
        headLength = headLength(head);
      }
      return headLength < 0 ? null : load(place, head, headLength);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readGroup(long offset) throws IOException {
    if (offset != groupOffset) {
      groupOffset = -1;
      fill(group.clear(), offset);
      groupOffset = offset;
    }
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(bytes, offset);
    return bytes.flip();
  }

  /** Reads until the buffer is full or the file ends. */
  private void fill(ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  /** The length of the head that begins the buffer; -1 when the buffer ends inside it. */
  private static int headLength(ByteBuffer bytes) {
    int at = FIXED_HEAD_BYTES;
    for (int text = 0; text < TEXTS; text++) {
      if (at + 2 > bytes.limit()) {
        return -1;
      }
      at += 2 + (bytes.getShort(at) & 0xffff);
    }
    int extensions = at + 4 > bytes.limit() ? -1 : bytes.getInt(at);
    return extensions < 0 || extensions > bytes.limit() - at - 8 ? -1 : at + 8 + extensions;
  }

  private @Nullable Frame load(Place place, ByteBuffer head, int headLength) throws IOException {
    int dataLength = head.getInt(headLength - 4);
    if (dataLength < 0 || dataLength > JournalWriter.FRAME_BYTES_MAX) {
      return null;
    }
    int length = FrameWriter.HEADER_BYTES
        + FrameWriter.GROUP_HEADER_BYTES
        + headLength
        + (dataLength == 0 ? 0 : dataLength + 1)
        + FrameWriter.TRAILER_BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(frame.room(length)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(FrameWriter.MAGIC).putShort(FrameWriter.VERSION).putShort((short) lane);
    bytes.putLong(place.sequence()).putInt(1).putInt(length);
    bytes.put(group.slice(0, GROUP_SUMMED_BYTES));
    bytes.putInt(1).putInt(headLength).putInt(dataLength == 0 ? 0 : dataLength + 1);
    bytes.put(head.slice(0, headLength));
    int dataFrom = bytes.position();
    if (dataLength > 0 && !copyData(place, head, bytes, dataLength)) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(group.slice(0, GROUP_SUMMED_BYTES));
    crc.update(head.slice(0, headLength));
    crc.update(bytes.slice(dataFrom, dataLength));
    return ((int) crc.getValue() & Integer.MAX_VALUE) == place.sum() ? frame : null;
  }

  private boolean copyData(Place place, ByteBuffer head, ByteBuffer target, int length)
      throws IOException {
    long inHead = place.dataOffset() - place.headOffset();
    if (inHead >= 0 && inHead + length <= head.limit()) {
      target.put(head.slice((int) inHead, length));
    } else {
      int end = target.position() + length;
      fill(target.limit(end), place.dataOffset());
      if (target.position() < end) {
        return false;
      }
      target.limit(target.capacity());
    }
    target.put((byte) '\n');
    return true;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
