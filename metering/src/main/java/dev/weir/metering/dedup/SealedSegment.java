package dev.weir.metering.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/**
 * A sealed segment, open for look-ups (see {@link SegmentHeader} and {@link SegmentWriter} for its form).
 * Thread-safe. A look-up reads one page of one to ten kilobytes from the file and checks it.
 */
final class SealedSegment implements AutoCloseable {

  /** Buffers of one thread's look-ups. */
  static final class Scratch {
    private ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();

    private ByteBuffer room(int bytes) {
      if (buffer.capacity() < bytes) {
        buffer = ByteBuffer.allocateDirect(Math.max(bytes, 2 * buffer.capacity()))
            .order(ByteOrder.LITTLE_ENDIAN);
      }
      return buffer.clear().limit(bytes);
    }
  }

  private final Path file;
  private final FileChannel channel;
  private final SegmentHeader header;
  private final SegmentLayout layout;

  /** Identities before each page, and in all. */
  private final int[] directory;

  private final long fileBytes;

  private SealedSegment(Path file, FileChannel channel, SegmentHeader header, int[] directory) {
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.layout = header.layout();
    this.directory = directory;
    this.fileBytes = layout.pageOffset(layout.pages(), header.count());
  }

  /** Reads only the head of a segment. */
  static SegmentHeader header(Path file) throws IOException, SegmentDamaged {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return SegmentHeader.read(read(channel, 0, SegmentHeader.BYTES));
    }
  }

  /** Opens a segment and checks header, directory and length; pages are checked when they are read. */
  static SealedSegment open(Path file) throws IOException, SegmentDamaged {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return open(file, channel);
    } catch (IOException | SegmentDamaged | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static SealedSegment open(Path file, FileChannel channel)
      throws IOException, SegmentDamaged {
    ByteBuffer head = read(channel, 0, SegmentHeader.BYTES);
    SegmentHeader header = SegmentHeader.read(head);
    ByteBuffer bytes = read(channel, SegmentHeader.BYTES, header.layout().directoryBytes());
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    if ((int) crc.getValue() != SegmentHeader.directoryChecksum(head)) {
      throw new SegmentDamaged("directory checksum mismatch");
    }
    int[] directory = new int[header.layout().pages() + 1];
    bytes.asIntBuffer().get(directory);
    SealedSegment segment = new SealedSegment(file, channel, header, directory);
    segment.checkDirectory();
    return segment;
  }

  private void checkDirectory() throws IOException, SegmentDamaged {
    for (int i = 0; i < layout.pages(); i++) {
      if (directory[i + 1] < directory[i]) {
        throw new SegmentDamaged("directory goes back");
      }
    }
    if (directory[0] != 0 || directory[layout.pages()] != header.count()) {
      throw new SegmentDamaged("directory does not agree with the header");
    }
    if (channel.size() != fileBytes) {
      throw new SegmentDamaged(
          "the file has %d bytes, should have %d".formatted(channel.size(), fileBytes));
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length)
      throws IOException, SegmentDamaged {
    if (at + length > channel.size()) {
      throw new SegmentDamaged("the file ends at " + channel.size());
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, bytes, at);
    return bytes.flip();
  }

  private static void fill(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long from = at;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, from);
      if (count < 0) {
        throw new IOException("the file ends at " + from);
      }
      from += count;
    }
  }

  SegmentHeader header() {
    return header;
  }

  Path file() {
    return file;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** Bytes of heap for finding pages. */
  long memoryBytes() {
    return 4L * directory.length;
  }

  /** Reads and checks everything, and gives the high word of each identity in order. */
  void forEach(LongConsumer highs) throws IOException, SegmentDamaged {
    Scratch scratch = new Scratch();
    // Pages are read some at a time: one after another costs a system call for every few kilobytes.
    int page = 0;
    while (page < layout.pages()) {
      int to = page + 1;
      while (to < layout.pages() && offset(to + 1) - offset(page) <= 1 << 20) {
        to++;
      }
      ByteBuffer bytes = scratch.room(Math.toIntExact(offset(to) - offset(page)));
      fill(channel, bytes, offset(page));
      for (int i = page; i < to; i++) {
        int from = (int) (offset(i) - offset(page));
        int length = (int) (offset(i + 1) - offset(i));
        forEach(i, bytes.slice(from, length).order(ByteOrder.LITTLE_ENDIAN), scratch, highs);
      }
      page = to;
    }
  }

  private void forEach(int page, ByteBuffer bytes, Scratch scratch, LongConsumer highs)
      throws SegmentDamaged {
    String fault = fault(page, bytes, scratch.crc);
    if (!fault.isEmpty()) {
      throw new SegmentDamaged(fault);
    }
    int at = layout.groupSizesBytes();
    for (int group = 0; group < layout.groupsInPage(); group++) {
      int size = groupSize(page, bytes, group);
      for (int i = 0; i < size; i++) {
        highs.accept(layout.high(page, group, layout.suffix(bytes.getLong(at))));
        at += layout.entryBytes();
      }
    }
  }

  private long offset(int page) {
    return layout.pageOffset(page, directory[page]);
  }

  private int groupSize(int page, ByteBuffer bytes, int group) {
    return layout.groupsInPage() == 1
        ? directory[page + 1] - directory[page]
        : bytes.getShort(2 * group) & SegmentLayout.GROUP_MAX;
  }

  private String fault(int page, ByteBuffer bytes, CRC32C crc) {
    int end = bytes.limit() - 4;
    crc.reset();
    crc.update(bytes.duplicate().position(0).limit(end));
    if ((int) crc.getValue() != bytes.getInt(end)) {
      return "page %d: checksum mismatch".formatted(page);
    }
    return "";
  }

  /**
   * Looks an identity up.
   *
   * @throws UncheckedIOException when the page cannot be read or is damaged, naming the file
   */
  Match match(long high, long low, long payloadHash, Scratch scratch) {
    int page = layout.pageOf(high);
    if (directory[page + 1] == directory[page]) {
      return Match.ABSENT;
    }
    ByteBuffer bytes;
    try {
      bytes = scratch.room(Math.toIntExact(offset(page + 1) - offset(page)));
      fill(channel, bytes, offset(page));
      String fault = fault(page, bytes, scratch.crc);
      if (!fault.isEmpty()) {
        throw new IOException(fault);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    int group = layout.groupInPage(high);
    int before = 0;
    for (int i = 0; i < group; i++) {
      before += groupSize(page, bytes, i);
    }
    int found = find(bytes, before, before + groupSize(page, bytes, group), high, low);
    if (found < 0) {
      return Match.ABSENT;
    }
    int payloadAt = entryAt(found) + 16 - layout.prefixBytes();
    return bytes.getInt(payloadAt) == (int) payloadHash ? Match.SAME : Match.OTHER;
  }

  private int entryAt(int entry) {
    return layout.groupSizesBytes() + entry * layout.entryBytes();
  }

  private int find(ByteBuffer bytes, int first, int end, long high, long low) {
    long suffix = layout.suffix(high);
    int from = first;
    int to = end;
    while (from < to) {
      int middle = (from + to) >>> 1;
      int at = entryAt(middle);
      int order = Long.compareUnsigned(layout.suffix(bytes.getLong(at)), suffix);
      if (order == 0) {
        order = Long.compareUnsigned(bytes.getLong(at + 8 - layout.prefixBytes()), low);
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
