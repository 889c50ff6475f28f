package dev.weir.metering.explorer.run;

import java.util.Arrays;

/**
 * The entries of a stretch that is not written yet. Confined to one thread, which publishes {@link
 * Gathered} views of it to others.
 *
 * <p>Memory: 46 bytes a record and 24 a request, growing on demand.
 */
public final class Gathering {

  private static final int ROOM = 1_024;

  private final int lane;
  private final int cycle;
  private final long firstSequence;
  private final long fromOffset;

  private long[] subjects = new long[ROOM];
  private long[] times = new long[ROOM];
  private long[] identities = new long[ROOM];
  private char[] tags = new char[ROOM];
  private long[] headOffsets = new long[ROOM];
  private long[] dataOffsets = new long[ROOM];
  private int[] sums = new int[ROOM];
  private int count;

  private int[] exceptions = new int[16];
  private int exceptionCount;

  private long[] groupSequences = new long[ROOM];
  private long[] groupOffsets = new long[ROOM];
  private long[] frameOffsets = new long[ROOM];
  private int groupCount;

  private long[] voided = new long[16];
  private long[] voids = new long[16];
  private int voidCount;

  private long toOffset;
  private long firstEvent = Times.NONE.firstEvent();
  private long lastEvent = Times.NONE.lastEvent();
  private long firstReceived = Times.NONE.firstReceived();
  private long lastReceived = Times.NONE.lastReceived();

  /**
   * @param firstSequence of the first record that will be added
   * @param fromOffset where the stretch begins
   */
  public Gathering(int lane, int cycle, long firstSequence, long fromOffset) {
    this.lane = lane;
    this.cycle = cycle;
    this.firstSequence = firstSequence;
    this.fromOffset = fromOffset;
    this.toOffset = fromOffset;
  }

  /**
   * Adds a request, whose records follow.
   *
   * @param groupOffset of its group in the cycle's file
   * @param frameOffset of the document of its frame
   */
  public void addGroup(long groupOffset, long frameOffset) {
    if (groupCount == groupSequences.length) {
      int room = groupCount * 2;
      groupSequences = Arrays.copyOf(groupSequences, room);
      groupOffsets = Arrays.copyOf(groupOffsets, room);
      frameOffsets = Arrays.copyOf(frameOffsets, room);
    }
    groupSequences[groupCount] = firstSequence + count;
    groupOffsets[groupCount] = groupOffset;
    frameOffsets[groupCount++] = frameOffset;
  }

  /**
   * What is indexed of a record.
   *
   * @param subject see {@link EntryKeys#subject}
   * @param identity see {@link EntryKeys#identity}
   * @param tag see {@link EntryTags}
   */
  public record Entry(long subject, long identity, long timeNanos, long receivedNanos, int tag) {}

  /**
   * Where a record is in the cycle's file.
   *
   * @param sum see {@link dev.weir.metering.journal.RecordFile#sum}
   */
  public record Location(long headOffset, long dataOffset, int sum) {}

  /** Adds the record with the next sequence. */
  public void addRecord(Entry entry, Location location) {
    if (count == subjects.length) {
      grow();
    }
    if (EntryTags.isException(entry.tag())) {
      addException();
    }
    subjects[count] = entry.subject();
    times[count] = entry.timeNanos();
    identities[count] = entry.identity();
    headOffsets[count] = location.headOffset();
    dataOffsets[count] = location.dataOffset();
    sums[count] = location.sum();
    tags[count++] = (char) entry.tag();
    firstEvent = Math.min(firstEvent, entry.timeNanos());
    lastEvent = Math.max(lastEvent, entry.timeNanos());
    firstReceived = Math.min(firstReceived, entry.receivedNanos());
    lastReceived = Math.max(lastReceived, entry.receivedNanos());
  }

  private void grow() {
    int room = count * 2;
    subjects = Arrays.copyOf(subjects, room);
    times = Arrays.copyOf(times, room);
    identities = Arrays.copyOf(identities, room);
    tags = Arrays.copyOf(tags, room);
    headOffsets = Arrays.copyOf(headOffsets, room);
    dataOffsets = Arrays.copyOf(dataOffsets, room);
    sums = Arrays.copyOf(sums, room);
  }

  private void addException() {
    if (exceptionCount == exceptions.length) {
      exceptions = Arrays.copyOf(exceptions, exceptionCount * 2);
    }
    exceptions[exceptionCount++] = count;
  }

  /** Notes what the record takes back that was added last. */
  public void addVoided(long place) {
    if (voidCount == voided.length) {
      voided = Arrays.copyOf(voided, voidCount * 2);
      voids = Arrays.copyOf(voids, voidCount * 2);
    }
    voided[voidCount] = place;
    voids[voidCount++] = firstSequence + count - 1;
  }

  /** Marks the void that was added last: a record follows that takes the place of the voided one. */
  public void noteReplaced() {
    tags[count - 1] = (char) EntryTags.replaced(tags[count - 1]);
  }

  /** Ends a frame: the stretch reaches up to this offset. */
  public void endFrame(long nextOffset) {
    toOffset = nextOffset;
  }

  /** Records so far. */
  public int records() {
    return count;
  }

  public long nextSequence() {
    return firstSequence + count;
  }

  /** Where the stretch ends so far. */
  public long toOffset() {
    return toOffset;
  }

  /**
   * What there is now. Others may use it while more is added, as no entry is ever changed.
   *
   * @param endsCycle whether nothing will follow in the cycle
   */
  public Gathered view(boolean endsCycle) {
    Stretch stretch = new Stretch(
        lane, cycle, firstSequence, firstSequence + count - 1, fromOffset, toOffset, endsCycle);
    return new Gathered(
        stretch,
        new Times(firstEvent, lastEvent, firstReceived, lastReceived),
        new Gathered.Records(subjects, times, identities, tags, count),
        new Gathered.Rare(exceptions, exceptionCount, voided, voids, voidCount),
        new Gathered.Locations(headOffsets, dataOffsets, sums),
        new Gathered.Groups(groupSequences, groupOffsets, frameOffsets, groupCount));
  }
}
