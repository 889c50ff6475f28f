package dev.weir.metering.explorer.run;

import java.util.Arrays;

/**
 * The entries of a stretch that is not written yet. Confined to one thread, which publishes {@link
 * Gathered} views of it to others.
 *
 * <p>Memory: 26 bytes a record and 16 a frame, growing on demand.
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
  private int count;

  private int[] exceptions = new int[16];
  private int exceptionCount;

  private long[] frameSequences = new long[ROOM];
  private long[] frameOffsets = new long[ROOM];
  private int frameCount;

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

  /** Adds a frame, whose records follow. */
  public void addFrame(long offset) {
    if (frameCount == frameSequences.length) {
      frameSequences = Arrays.copyOf(frameSequences, frameCount * 2);
      frameOffsets = Arrays.copyOf(frameOffsets, frameCount * 2);
    }
    frameSequences[frameCount] = firstSequence + count;
    frameOffsets[frameCount++] = offset;
  }

  /**
   * Adds the record with the next sequence.
   *
   * @param subject see {@link EntryKeys#subject}
   * @param tag see {@link EntryTags}
   */
  public void addRecord(long subject, long identity, long timeNanos, long receivedNanos, int tag) {
    if (count == subjects.length) {
      int room = count * 2;
      subjects = Arrays.copyOf(subjects, room);
      times = Arrays.copyOf(times, room);
      identities = Arrays.copyOf(identities, room);
      tags = Arrays.copyOf(tags, room);
    }
    if (EntryTags.isException(tag)) {
      addException();
    }
    subjects[count] = subject;
    times[count] = timeNanos;
    identities[count] = identity;
    tags[count++] = (char) tag;
    firstEvent = Math.min(firstEvent, timeNanos);
    lastEvent = Math.max(lastEvent, timeNanos);
    firstReceived = Math.min(firstReceived, receivedNanos);
    lastReceived = Math.max(lastReceived, receivedNanos);
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
        new Gathered.Frames(frameSequences, frameOffsets, frameCount));
  }
}
