package dev.weir.metering.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request, decoded: those that are well-formed as records ready for the journal, the
 * others as rejections. Filled by the decoder, then handed to the lanes, which write verdicts; each
 * lane touches only the entries of its own events, and the hand-over between threads orders the rest.
 *
 * <p>A record's head is: flags (1 byte, see the constants), time (8, nanoseconds), payload hash (8),
 * source, id, type, subject (each a 16-bit length and UTF-8), extension attributes (32-bit length and
 * JSON), length of data (32-bit). All little-endian. The data documents stand apart, each followed by a
 * line feed, so that one parser can read those of a whole batch.
 */
public final class EventBatch {

  /** A known identity with another payload: kept, never counted. */
  public static final int FLAG_CONFLICT = 1;

  public static final int FLAG_TIME_GIVEN = 2;

  /**
   * A correction: takes back an earlier record with the same identity. Carries that record's fields and
   * data, so that it can be subtracted without finding it; its extension attributes say why, by whom,
   * and which record.
   */
  public static final int FLAG_VOID = 4;

  /** A correction: takes the place of a record that was voided just before in the same frame. */
  public static final int FLAG_REPLACEMENT = 8;

  /** What an event takes in a request, rather less than more. */
  private static final int EVENT_BYTES = 160;

  private static final int PART_BYTES_MIN = 256;

  /** Flags, time and hash stand before the source, and that before the id. */
  private static final int ID_AFTER = 1 + 2 * Long.BYTES;

  private static final int ROOM_MAX = 2_000;

  private final UUID tenantId;
  private final long receivedNanos;
  private final boolean correction;
  private final ByteWriter heads;
  private final ByteWriter datas;

  private int count;
  private int[] headEnds;
  private int[] dataEnds;
  private long[] identities;
  private long[] payloadHashes;
  private Verdict[] verdicts;
  private final List<IndexedRejection> rejections = new ArrayList<>();

  /** Others stand in their records. */
  private final Map<Integer, String> idsWithoutRecord = new HashMap<>();

  /** A rejection and the event's place in the request, from 0. */
  public record IndexedRejection(int index, Rejection rejection) {}

  /**
   * @param bytes of the request; what is made now fits the events that so many bytes usually hold
   */
  EventBatch(UUID tenantId, long receivedNanos, int bytes) {
    this(tenantId, receivedNanos, bytes, false);
  }

  EventBatch(UUID tenantId, long receivedNanos, int bytes, boolean correction) {
    this.tenantId = tenantId;
    this.receivedNanos = receivedNanos;
    this.correction = correction;
    this.heads = new ByteWriter(PART_BYTES_MIN + bytes / 2);
    this.datas = new ByteWriter(PART_BYTES_MIN + bytes / 2);
    int room = 1 + Math.min(bytes / EVENT_BYTES, ROOM_MAX);
    this.headEnds = new int[room];
    this.dataEnds = new int[room];
    this.identities = new long[2 * room];
    this.payloadHashes = new long[room];
    this.verdicts = new Verdict[room];
  }

  /**
   * Whether these records correct earlier ones: they are journaled as they are, as their identities are
   * known by intention.
   */
  public boolean isCorrection() {
    return correction;
  }

  ByteWriter heads() {
    return heads;
  }

  ByteWriter datas() {
    return datas;
  }

  /** Begins a record's head; gives where its identity begins: source and id follow, then type and subject. */
  int beginHead(int flags, long timeNanos, long payloadHash) {
    heads.putByte(flags);
    heads.putLong(timeNanos);
    heads.putLong(payloadHash);
    return heads.size();
  }

  /** Ends a record's head, behind its extension attributes, with the length of its data, and writes those. */
  void putData(byte[] source, int from, int length) {
    heads.putInt(length);
    if (length > 0) {
      datas.putBytes(source, from, length);
      datas.putByte('\n');
    }
  }

  /** Adds an event whose record has been written to the buffers. */
  void addRecord(long high, long low, long payloadHash) {
    int index = nextIndex();
    identities[2 * index] = high;
    identities[2 * index + 1] = low;
    payloadHashes[index] = payloadHash;
    verdicts[index] = Verdict.ACCEPTED;
    headEnds[index] = heads.size();
    dataEnds[index] = datas.size();
  }

  /** Adds an event that is rejected, dropping what may have been written for it. */
  void addRejected(@Nullable String id, Rejection rejection) {
    int index = nextIndex();
    if (id != null) {
      idsWithoutRecord.put(index, id);
    }
    heads.truncate(headFrom(index));
    datas.truncate(dataFrom(index));
    headEnds[index] = heads.size();
    dataEnds[index] = datas.size();
    reject(index, rejection);
  }

  /** Turns an event into a rejected one; by the decoder, or by the lane that owns it. */
  public synchronized void reject(int index, Rejection rejection) {
    verdicts[index] = Verdict.REJECTED;
    rejections.add(new IndexedRejection(index, rejection));
  }

  private int nextIndex() {
    int index = count++;
    if (index == headEnds.length) {
      int room = index * 2;
      headEnds = Arrays.copyOf(headEnds, room);
      dataEnds = Arrays.copyOf(dataEnds, room);
      identities = Arrays.copyOf(identities, 2 * room);
      payloadHashes = Arrays.copyOf(payloadHashes, room);
      verdicts = Arrays.copyOf(verdicts, room);
    }
    return index;
  }

  public UUID tenantId() {
    return tenantId;
  }

  public long receivedNanos() {
    return receivedNanos;
  }

  /** Events in the request, rejected ones included. */
  public int count() {
    return count;
  }

  /** The event's id as sent; null when it had none. */
  public @Nullable String id(int index) {
    int from = headFrom(index) + ID_AFTER;
    if (from >= headTo(index)) {
      return idsWithoutRecord.get(index);
    }
    int idFrom = from + Short.BYTES + heads.shortAt(from);
    int length = heads.shortAt(idFrom);
    return new String(heads.array(), idFrom + Short.BYTES, length, StandardCharsets.UTF_8);
  }

  public long identityHigh(int index) {
    return identities[2 * index];
  }

  public long identityLow(int index) {
    return identities[2 * index + 1];
  }

  public long payloadHash(int index) {
    return payloadHashes[index];
  }

  public Verdict verdict(int index) {
    return verdicts[index];
  }

  public void setVerdict(int index, Verdict verdict) {
    verdicts[index] = verdict;
  }

  public synchronized List<IndexedRejection> rejections() {
    return rejections.stream()
        .sorted(java.util.Comparator.comparingInt(IndexedRejection::index))
        .toList();
  }

  public byte[] headBytes() {
    return heads.array();
  }

  public int headFrom(int index) {
    return index == 0 ? 0 : headEnds[index - 1];
  }

  public int headTo(int index) {
    return headEnds[index];
  }

  public byte[] dataBytes() {
    return datas.array();
  }

  public int dataFrom(int index) {
    return index == 0 ? 0 : dataEnds[index - 1];
  }

  public int dataTo(int index) {
    return dataEnds[index];
  }

  /** Bytes that the records of this batch take. */
  public int bytes() {
    return heads.size() + datas.size();
  }
}
