package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares Chronicle's own numbers in a cycle's file with those that follow from its documents, which
 * were noted while they were read. The numbers may lag behind, as after a power cut, but consistently:
 * no change of a single byte looks like a lag.
 */
final class ChronicleIndexCheck {

  private static final int FAULTS_MAX = 1_000;
  private static final int HEADER_MASK = 0x3fff_ffff;

  private final ForwardFile file;
  private final List<CycleFault> faults = new ArrayList<>();
  private final List<Long> indexDocuments = new ArrayList<>();
  private long[] everyNth = new long[64];
  private long documents;
  private long lastDocument;

  ChronicleIndexCheck(ForwardFile file) {
    this.file = file;
  }

  /** Notes where the next index begins, the index of the indexes first. */
  void index(long at) {
    indexDocuments.add(at);
  }

  /** Notes where the next document with data begins. */
  void document(long at) {
    if (documents % ChronicleHead.INDEX_SPACING == 0) {
      int number = (int) (documents / ChronicleHead.INDEX_SPACING);
      if (number == everyNth.length) {
        everyNth = Arrays.copyOf(everyNth, number * 2);
      }
      everyNth[number] = at;
    }
    documents++;
    lastDocument = at;
  }

  /** What is wrong and where; at most {@value #FAULTS_MAX}. */
  List<CycleFault> faults() throws IOException {
    faults.clear();
    inspectHead();
    inspectIndexes();
    return List.copyOf(faults);
  }

  private void inspectHead() throws IOException {
    ByteBuffer head = read(0, ChronicleHead.HEAD_BYTES);
    for (int i = 0; i < ChronicleHead.HEAD_BYTES; i++) {
      if (!ChronicleHead.isHeadByte(i, head.get(i))) {
        fault(i, "the head is not as Chronicle writes it");
      }
    }
    long position = head.getLong(ChronicleHead.LAST_POSITION);
    long number = head.getLong(ChronicleHead.LAST_NUMBER) & 0xffff_ffffL;
    long begins = number < documents ? position(number) : 0;
    if (position != begins
        || head.getLong(ChronicleHead.LAST_NUMBER) >>> 32 != (position & 0xffff_ffffL)) {
      fault(
          ChronicleHead.LAST_POSITION,
          "the last document is said to be number %d at offset %d, but number %d is at %d"
              .formatted(number, position, documents - 1, lastDocument));
    }
  }

  /** Where the document of this number begins. */
  private long position(long number) throws IOException {
    if (number == documents - 1) {
      return lastDocument;
    }
    long at = everyNth[(int) (number / ChronicleHead.INDEX_SPACING)];
    long left = number % ChronicleHead.INDEX_SPACING;
    while (true) {
      int header = read(at, 4).getInt(0);
      if ((header & ChronicleHead.META_DATA) == 0 && left-- == 0) {
        return at;
      }
      at = (at + 4 + (header & HEADER_MASK) + 3) & ~3L;
    }
  }

  private void inspectIndexes() throws IOException {
    if (indexDocuments.isEmpty()) {
      return;
    }
    long[] indexes = indexDocuments.stream().skip(1).mapToLong(Long::longValue).toArray();
    inspectArray(indexDocuments.get(0), indexes);
    int expected =
        (int) ((documents + ChronicleHead.INDEX_SPACING - 1) / ChronicleHead.INDEX_SPACING);
    long used = 0;
    for (int i = 0; i < indexes.length; i++) {
      int from = Math.min(expected, i * ChronicleHead.INDEX_CAPACITY);
      int to = Math.min(expected, (i + 1) * ChronicleHead.INDEX_CAPACITY);
      used += inspectArray(indexes[i], Arrays.copyOfRange(everyNth, from, to));
    }
    long below = read(ChronicleHead.INDEXED_BELOW, 8).getLong(0);
    if (below != used * ChronicleHead.INDEX_SPACING) {
      fault(
          ChronicleHead.INDEXED_BELOW,
          "documents below %d are said to be indexed, but %d entries are used"
              .formatted(below, used));
    }
  }

  /** Compares an index's count and entries; gives the count. */
  private long inspectArray(long document, long[] entries) throws IOException {
    long at = document + ChronicleHead.indexStart(document).length;
    ByteBuffer array = read(at, 8 + ChronicleHead.INDEX_CAPACITY * 8);
    long used = array.getLong(0);
    if (used < 0 || used > entries.length) {
      fault(
          at,
          "%d entries of the index are said to be used, at most %d can be"
              .formatted(used, entries.length));
    }
    for (int i = 0; i < ChronicleHead.INDEX_CAPACITY; i++) {
      long entry = array.getLong(8 + i * 8);
      long expected = i < used && i < entries.length ? entries[i] : 0;
      if (entry != expected) {
        fault(at + 8 + i * 8L, "entry %d of the index is %d, not %d".formatted(i, entry, expected));
      }
    }
    return used;
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (!file.read(at, bytes)) {
      bytes.clear();
    }
    return bytes;
  }

  private void fault(long at, String what) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(new CycleFault(at, 0, "Chronicle's own data: " + what));
    }
  }
}
