package dev.weir.metering.dedup;

import dev.weir.metering.disk.BackgroundIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Sorts the identities of a frozen volume and writes them as a segment: header, directory (number of
 * identities before each page), pages. A page is the sizes of its groups (2 bytes each), the identities
 * in order (rest of the high word, low word, 32 bits of the payload hash) and a CRC32C. Confined to the
 * sealing thread. Cost: about a quarter of a second and 12 bytes of heap an identity for a million.
 */
final class SegmentWriter {

  private static final int FIRST_BITS = 16;

  /** Ranges up to this are sorted by insertion alone. */
  private static final int SHORT = 24;

  /** Identities whose rest is fetched together: what they wait for in memory, they wait for at once. */
  private static final int FETCHED = 256;

  private final SegmentDisk disk;
  private final FileChannel channel;
  private final MemoryVolume volume;
  private final SegmentLayout layout;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BackgroundIo.BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private final BackgroundIo steps;

  /** Entry numbers in the order of their identities, and beside them the high words. */
  private final int[] order;

  private final long[] highs;

  /** Where in the order each group of the first 16 bits begins. */
  private final int[] starts = new int[(1 << FIRST_BITS) + 1];

  private final long[] lows = new long[FETCHED];
  private final int[] payloads = new int[FETCHED];

  /** Up to where the buffer is in the checksum of the page. */
  private int checkedTo;

  private SegmentWriter(
      SegmentDisk disk, Path file, FileChannel channel, MemoryVolume volume, SegmentLayout wished) {
    this.disk = disk;
    this.channel = channel;
    this.steps = new BackgroundIo(file, () -> disk.force(channel));
    this.volume = volume;
    this.order = new int[volume.count()];
    this.highs = new long[volume.count()];
    sort();
    this.layout = fits(wished) ? wished : SegmentLayout.SINGLE_PAGE;
  }

  /** Writes the segment; the header's layout is a wish that hashes always grant. */
  static void write(
      SegmentDisk disk, Path file, FileChannel channel, MemoryVolume volume, SegmentHeader header)
      throws IOException {
    new SegmentWriter(disk, file, channel, volume, header.layout()).write(header);
  }

  private static int firstBits(long high) {
    return (int) (high >>> (64 - FIRST_BITS));
  }

  private void sort() {
    for (int i = 0; i < order.length; i++) {
      starts[firstBits(volume.high(i)) + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] next = starts.clone();
    for (int i = 0; i < order.length; i++) {
      long high = volume.high(i);
      int at = next[firstBits(high)]++;
      order[at] = i;
      highs[at] = high;
    }
    for (int i = 0; i + 1 < starts.length; i++) {
      sort(starts[i], starts[i + 1]);
    }
  }

  /** Shell sort: the ranges are short, and no longer range takes for ever. */
  private void sort(int from, int to) {
    int first = to - from <= SHORT ? 1 : Integer.highestOneBit((to - from) / 2);
    for (int gap = first; gap > 0; gap /= 2) {
      for (int i = from + gap; i < to; i++) {
        long high = highs[i];
        int entry = order[i];
        int at = i;
        while (at - gap >= from && isBefore(high, entry, at - gap)) {
          highs[at] = highs[at - gap];
          order[at] = order[at - gap];
          at -= gap;
        }
        highs[at] = high;
        order[at] = entry;
      }
    }
  }

  /** Whether an entry comes before the one that is at a point of the order. */
  private boolean isBefore(long high, int entry, int at) {
    int compared = Long.compareUnsigned(high, highs[at]);
    return compared < 0
        || (compared == 0 && Long.compareUnsigned(volume.low(entry), volume.low(order[at])) < 0);
  }

  private boolean fits(SegmentLayout wished) {
    int groups = 1 << (8 * wished.prefixBytes());
    for (int group = 0; group < groups && wished.prefixBytes() > 0; group++) {
      if (start(wished, group + 1) - start(wished, group) > SegmentLayout.GROUP_MAX) {
        return false;
      }
    }
    return true;
  }

  /** Where a group, counted over the whole segment, begins in the order. */
  private int start(SegmentLayout of, int group) {
    return starts[group << (FIRST_BITS - 8 * of.prefixBytes())];
  }

  private void write(SegmentHeader wish) throws IOException {
    ByteBuffer directory = directory();
    crc.reset();
    crc.update(directory.duplicate());
    SegmentHeader header = new SegmentHeader(
        wish.lane(),
        wish.stretch(),
        wish.oldestSeconds(),
        wish.newestSeconds(),
        wish.fingerprint(),
        order.length,
        layout);
    disk.write(channel, header.write((int) crc.getValue()));
    disk.write(channel, directory);
    steps.wrote(channel.position());
    for (int page = 0; page < layout.pages(); page++) {
      writePage(page);
    }
    drain();
  }

  private ByteBuffer directory() {
    ByteBuffer directory =
        ByteBuffer.allocate(layout.directoryBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int page = 0; page <= layout.pages(); page++) {
      directory.putInt(start(layout, page * layout.groupsInPage()));
    }
    return directory.flip();
  }

  private void writePage(int page) throws IOException {
    int groups = layout.groupsInPage();
    int firstGroup = page * groups;
    crc.reset();
    checkedTo = buffer.position();
    for (int group = firstGroup; group < firstGroup + groups && groups > 1; group++) {
      room(2);
      buffer.putShort((short) (start(layout, group + 1) - start(layout, group)));
    }
    int to = start(layout, firstGroup + groups);
    for (int i = start(layout, firstGroup); i < to; i += FETCHED) {
      writeEntries(i, Math.min(FETCHED, to - i));
    }
    room(4);
    check();
    buffer.putInt((int) crc.getValue());
  }

  private void writeEntries(int from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int entry = order[from + i];
      lows[i] = volume.low(entry);
      payloads[i] = (int) volume.payloadHash(entry);
    }
    for (int i = 0; i < count; i++) {
      room(layout.entryBytes() + 8);
      int at = buffer.position();
      // The bytes of the group are zero and are overwritten by the low word.
      buffer.putLong(at, layout.suffix(highs[from + i]));
      buffer.putLong(at + 8 - layout.prefixBytes(), lows[i]);
      buffer.putInt(at + 16 - layout.prefixBytes(), payloads[i]);
      buffer.position(at + layout.entryBytes());
    }
  }

  /** Takes into the page's checksum what the buffer has got. */
  private void check() {
    crc.update(buffer.array(), checkedTo, buffer.position() - checkedTo);
    checkedTo = buffer.position();
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      check();
      drain();
    }
  }

  private void drain() throws IOException {
    int bytes = buffer.position();
    disk.write(channel, buffer.flip());
    buffer.clear();
    checkedTo = 0;
    steps.wrote(bytes);
  }
}
