package dev.weir.metering.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads one cycle's file frame by frame and checks each. Reads the file as it is (see {@link JournalTail}
 * for its form), not through Chronicle, so that any number of readers can work beside the writer and on
 * files that Chronicle no longer knows. Confined to one thread.
 *
 * <p>Cost: one copy and one CRC32C a frame, and a system call for up to 256 KiB of frames; that much
 * memory once it has read so far on.
 */
public final class CycleFile implements AutoCloseable {

  private static final int NOT_COMPLETE = 0x8000_0000;
  private static final int META_DATA = 0x4000_0000;
  private static final int LENGTH_MASK = 0x3fff_ffff;
  private static final int END_OF_FILE = NOT_COMPLETE | META_DATA;
  private static final int WINDOW_BYTES_MIN = 8 * 1024;
  /** Larger arrays are a burden to the collector, and fewer system calls than this gains nothing. */
  private static final int WINDOW_BYTES_MAX = 256 * 1024;

  private final FileChannel channel;
  private final Path path;
  private final int lane;
  private final int cycle;
  private final Frame frame = new Frame();

  private ByteBuffer window = window(WINDOW_BYTES_MIN).limit(0);

  /** How much of the window is read at once. */
  private int windowBytes = WINDOW_BYTES_MIN;

  private long windowStart;

  private long next;
  private long offset;
  private boolean ended;

  private CycleFile(FileChannel channel, Path path, int lane, int cycle) {
    this.channel = channel;
    this.path = path;
    this.lane = lane;
    this.cycle = cycle;
  }

  /** Opens a file at its beginning. */
  public static CycleFile open(Path file, int lane, int cycle) throws IOException {
    return new CycleFile(FileChannel.open(file, StandardOpenOption.READ), file, lane, cycle);
  }

  private static ByteBuffer window(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public int cycle() {
    return cycle;
  }

  public Path path() {
    return path;
  }

  /** Where the document of the frame lies that {@link #next} gave last. */
  public long offset() {
    return offset;
  }

  /** Where the next document is, or will be. */
  public long nextOffset() {
    return next;
  }

  /** Whether {@link #next} has met the mark that nothing will follow. */
  public boolean ended() {
    return ended;
  }

  /** Makes {@link #next} go on with the document at this offset. */
  public void seek(long documentOffset) {
    next = documentOffset;
    ended = false;
  }

  /**
   * The next frame, or null when there is none yet. The same object each time, with new content.
   *
   * @throws JournalCorrupt when the frame does not read back as written, naming file and offset
   */
  public @Nullable Frame next() {
    try {
      while (true) {
        int header = header(next);
        if (header == END_OF_FILE && next > 0) {
          ended = true;
          return null;
        }
        if (header == 0 || (header & NOT_COMPLETE) != 0) {
          return null;
        }
        long at = next;
        int length = header & LENGTH_MASK;
        boolean isFrame = (header & META_DATA) == 0 && !isVoid(at, length);
        if (isFrame) {
          load(at, length);
        } else if (at + 4 + length > channel.size()) {
          throw corrupt(at, "the document goes beyond the end of the file");
        }
        next = (at + 4 + length + 3) & ~3L;
        if (isFrame) {
          offset = at;
          return frame;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  private boolean isVoid(long at, int length) throws IOException {
    return length >= 4 && header(at + 4) == JournalTail.VOID_MAGIC;
  }

  /** The four bytes at this offset; 0 beyond the end. A zero is looked for again in the file. */
  private int header(long at) throws IOException {
    if (at < windowStart || at + 4 > windowStart + window.limit() || isUnfinished(at)) {
      refill(at);
    }
    return window.limit() < 4 ? 0 : window.getInt((int) (at - windowStart));
  }

  private boolean isUnfinished(long at) {
    int header = window.getInt((int) (at - windowStart));
    return header == 0 || (header & NOT_COMPLETE) != 0;
  }

  /** Reads on from an offset; more at a time while there is more, little at the end of a live file. */
  private void refill(long at) throws IOException {
    boolean reading = at == windowStart + window.limit() || at > windowStart + window.limit() / 2;
    windowBytes = reading
        ? Math.min(windowBytes * 2, WINDOW_BYTES_MAX)
        : Math.max(windowBytes / 2, WINDOW_BYTES_MIN);
    if (windowBytes > window.capacity()) {
      window = window(windowBytes);
    }
    window.clear().limit(windowBytes);
    windowStart = at;
    read(window, at);
    window.flip();
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

  private void load(long at, int length) throws IOException {
    long from = at + 4;
    String fault = "";
    boolean inWindow = from + length <= windowStart + window.limit();
    if (inWindow) {
      int start = (int) (from - windowStart);
      int own = ownLength(length, length >= 24 ? window.getInt(start + 20) : length);
      window.get(start, frame.room(own), 0, own);
      fault = fault();
    }
    if (!inWindow || !fault.isEmpty()) {
      // The window may have been filled while the frame was being written: only the file counts.
      fault = loadFromFile(from, length);
    }
    if (!fault.isEmpty()) {
      throw corrupt(at, fault);
    }
  }

  private String loadFromFile(long from, int length) throws IOException {
    if (length > JournalWriter.FRAME_BYTES_MAX + 3 || from + length > channel.size()) {
      return "the document of %d bytes is no frame".formatted(length);
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(frame.room(length), 0, length).order(ByteOrder.LITTLE_ENDIAN);
    read(bytes, from);
    frame.room(ownLength(length, length >= 24 ? bytes.getInt(20) : length));
    return bytes.hasRemaining() ? "the file ends inside it" : fault();
  }

  /** Chronicle pads a document to a multiple of 4: the frame's own length decides. */
  private static int ownLength(int length, int own) {
    return own <= length && own >= length - 3 ? own : length;
  }

  private String fault() {
    String fault = frame.fault();
    return fault.isEmpty() && frame.lane() != lane ? "belongs to lane " + frame.lane() : fault;
  }

  private JournalCorrupt corrupt(long at, String fault) {
    return new JournalCorrupt("journal lane %d, cycle %s, offset %d of %s: %s"
        .formatted(lane, Cycles.name(cycle), at, path, fault));
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
