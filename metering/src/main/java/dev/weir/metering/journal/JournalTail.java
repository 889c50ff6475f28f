package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of what was completely written in a lane's last file and clears what follows: a document
 * that a killed process left half written, or a last frame that a power cut left without its checksum.
 * Such a frame was never acknowledged. A sound frame is never cleared, as it may have been: where only
 * its document header is damaged, the header is written anew, and anything else is refused.
 *
 * <p>Reads Chronicle's file as it is: a 4-byte little-endian header (30 bits of length, bit 30 metadata,
 * bit 31 not complete) before each document, headers aligned to 4 bytes, zero at the end.
 */
final class JournalTail {

  private static final Logger LOG = LoggerFactory.getLogger(JournalTail.class);

  private static final int NOT_COMPLETE = 0x8000_0000;
  private static final int META_DATA = 0x4000_0000;
  private static final int LENGTH_MASK = 0x3fff_ffff;
  private static final int END_OF_FILE = NOT_COMPLETE | META_DATA;
  private static final int WINDOW_BYTES = 1 << 17;

  /** What stands in a document that takes the place of one that was cleared. */
  static final int VOID_MAGIC = 0x44494f56;

  private static final int VOID_BYTES = 8;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window =
      ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long windowStart = -1;

  /**
   * Metadata that Chronicle writes into a new file before the first frame: the head and two indexes.
   * They are flushed with that frame, so where one is missing nothing in the file was acknowledged.
   */
  private static final int LEADING_DOCUMENTS = 3;

  /** Where the last frame's document begins; -1 when the file has none. */
  private long lastFrame = -1;

  /** Where the frame before that ends; 0 when the file has only one. */
  private long lastFlush;

  /** Metadata documents met on the way to the end. */
  private int metaDocuments;

  /** Whether the file ends with the mark that nothing will follow. */
  private boolean ended;

  /**
   * The end of a file that was repaired.
   *
   * @param offset where the next document would be written; 0 when the file is to be begun anew
   * @param ended whether nothing may be written any more
   */
  record End(long offset, boolean ended) {}

  private JournalTail(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  /**
   * Repairs a file that no process has open.
   */
  static End repair(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      JournalTail tail = new JournalTail(channel);
      long end = tail.end(file);
      while (tail.restoresHeader(file, end)) {
        end = tail.end(file);
      }
      tail.clear(file, end);
      if (tail.lastFrame < 0 && tail.metaDocuments < LEADING_DOCUMENTS) {
        end = tail.beginAnew(file, end);
      }
      tail.rewriteLastFlush(end);
      channel.force(false);
      return new End(end, tail.ended);
    }
  }

  /** Zeroes what was written before a first frame that never came to be. */
  private long beginAnew(Path file, long end) throws IOException {
    if (end > 0) {
      LOG.warn("{}: beginning anew, as it has no frame and its head is not whole", file);
      refuseSoundFrames(file, 0, end);
      write(channel, ByteBuffer.allocate((int) end), 0);
    }
    ended = false;
    return 0;
  }

  /**
   * Writes once more everything behind the last frame but one: the last frame, and in a new file the
   * head. When their flush had failed, the kernel may hold them in memory and take them for written: a
   * force alone would then succeed without putting them on disk.
   */
  private void rewriteLastFlush(long end) throws IOException {
    long from = Math.min(lastFlush, end);
    ByteBuffer bytes = ByteBuffer.allocate((int) (end - from));
    read(bytes, from);
    write(channel, bytes.flip(), from);
  }

  /**
   * Puts a document without meaning at the end. Chronicle appends behind the document that it remembers
   * as the last: were that one missing, what is appended could never be reached by reading.
   */
  static void writeVoid(Path file, long end) throws IOException {
    LOG.warn("{}: voiding the document at offset {}", file, end);
    ByteBuffer document = ByteBuffer.allocate(4 + VOID_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    document.putInt(VOID_BYTES).putInt(VOID_MAGIC).putInt(0).flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      write(channel, document, end);
      channel.force(false);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }

  /** Whether a sound frame lies behind the broken header at the end, which is then written anew. */
  private boolean restoresHeader(Path file, long end) throws IOException {
    if (end + 8 > size || header(end) == NOT_COMPLETE) {
      return false;
    }
    int length = soundFrame(end + 4);
    if (length == 0) {
      return false;
    }
    LOG.warn("{}: restoring the header of a sound frame at offset {}", file, end);
    ByteBuffer header = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(length).flip();
    write(channel, header, end);
    windowStart = -1;
    return true;
  }

  /** The length of the sound frame that begins here; 0 when there is none. */
  private int soundFrame(long at) throws IOException {
    if (at + FrameWriter.HEADER_BYTES > size || header(at) != FrameWriter.MAGIC) {
      return 0;
    }
    int length = header(at + 20);
    boolean plausible = length > FrameWriter.HEADER_BYTES
        && length <= JournalWriter.FRAME_BYTES_MAX
        && at + length <= size;
    return plausible && fault(at, length).isEmpty() ? length : 0;
  }

  /** The offset after the last sound document; notes where the last frame begins. */
  private long end(Path file) throws IOException {
    long at = 0;
    lastFrame = -1;
    metaDocuments = 0;
    ended = false;
    lastFlush = 0;
    int lastFrameLength = 0;
    while (at + 4 <= size) {
      int header = header(at);
      if (header == END_OF_FILE && at > 0) {
        ended = true;
        boolean hasText = at + 8 <= size && header(at + 4) == CycleDocuments.END_TEXT;
        // A sealed file must stay as it is when it is the newest, as after a restore from the
        // archive.
        return at + (hasText ? 8 : 4);
      }
      int length = header & LENGTH_MASK;
      if (header == 0 || (header & NOT_COMPLETE) != 0 || at + 4 + length > size) {
        break;
      }
      int magic = length >= 4 ? header(at + 4) : 0;
      if ((header & META_DATA) != 0 && magic == FrameWriter.MAGIC) {
        return at;
      }
      if ((header & META_DATA) == 0 && magic != VOID_MAGIC) {
        lastFlush = lastFrame < 0 ? 0 : after(lastFrame, lastFrameLength);
        lastFrame = at;
        lastFrameLength = length;
      }
      metaDocuments += (header & META_DATA) != 0 ? 1 : 0;
      at = after(at, length);
    }
    if (lastFrame >= 0) {
      String fault = fault(lastFrame + 4, lastFrameLength);
      if (!fault.isEmpty()) {
        LOG.warn("{}: cutting the torn last frame at offset {}: {}", file, lastFrame, fault);
        return lastFrame;
      }
    }
    return at;
  }

  private static long after(long document, int length) {
    return (document + 4 + length + 3) & ~3L;
  }

  private int header(long at) throws IOException {
    if (windowStart < 0 || at < windowStart || at + 4 > windowStart + window.limit()) {
      window.clear();
      windowStart = at;
      read(window, at);
      window.flip();
    }
    return window.getInt((int) (at - windowStart));
  }

  private void read(ByteBuffer target, long at) throws IOException {
    long from = at;
    while (target.hasRemaining()) {
      int count = channel.read(target, from);
      if (count < 0) {
        return;
      }
      from += count;
    }
  }

  private String fault(long at, int length) throws IOException {
    Frame frame = new Frame();
    // The document may be padded to a multiple of 4: the frame's own length field decides.
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(bytes, at);
    int own = length >= FrameWriter.HEADER_BYTES ? bytes.getInt(20) : length;
    if (own > length || own < length - 3) {
      return "length field %d, document length %d".formatted(own, length);
    }
    System.arraycopy(bytes.array(), 0, frame.room(own), 0, own);
    return frame.fault();
  }

  /** Zeroes what is left after the end in steps of a window, so that later headers never meet old bytes. */
  private void clear(Path file, long end) throws IOException {
    // What a killed process wrote of a document that it had not finished may be a sound frame.
    boolean unfinished = end + 4 <= size && header(end) == NOT_COMPLETE;
    long cleared = 0;
    for (long at = end; at < size; at += WINDOW_BYTES) {
      int length = (int) Math.min(WINDOW_BYTES, size - at);
      window.clear().limit(length);
      windowStart = -1;
      read(window, at);
      if (!isZero(length)) {
        refuseSoundFrames(file, Math.max(at, unfinished ? end + 8 : end), at + length);
        write(channel, ByteBuffer.allocate(length), at);
        cleared = at + length - end;
      }
    }
    windowStart = -1;
    if (cleared > 0) {
      LOG.warn("{}: cleared {} bytes of an unfinished write at offset {}", file, cleared, end);
    }
  }

  /** What was to be cleared must not hold frames that may have been acknowledged. */
  private void refuseSoundFrames(Path file, long from, long to) throws IOException {
    for (long at = (from + 3) & ~3L; at + 4 <= to; at += 4) {
      if (soundFrame(at) > 0) {
        throw new JournalCorrupt(
            "%s: a document before the sound frame at offset %d is damaged: journal lane needs repair"
                .formatted(file, at));
      }
    }
  }

  private boolean isZero(int length) {
    for (int i = 0; i < length; i++) {
      if (window.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
