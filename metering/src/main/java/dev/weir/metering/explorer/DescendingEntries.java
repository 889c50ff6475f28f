package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Page;
import dev.weir.metering.explorer.run.Searchable;
import dev.weir.metering.explorer.run.Section;
import java.util.Collection;
import java.util.PriorityQueue;

/**
 * The entries under some keys in all parts of all lanes, the latest event time first; entries of one
 * time by lane and sequence, also descending, so that each has its place in one order. A part is not
 * touched before its turn. Confined to one thread.
 *
 * <p>Cost: some 30 µs for each part that has its turn, then about 0.1 µs an entry.
 */
final class DescendingEntries {

  private final PriorityQueue<Stream> streams = new PriorityQueue<>();
  private final Section section;
  private final long fromNanos;
  private boolean begun;

  /**
   * @param section one that is ordered by a key, event time and sequence
   * @param fromNanos the earliest time to give
   */
  DescendingEntries(Section section, long fromNanos) {
    this.section = section;
    this.fromNanos = fromNanos;
  }

  /** Where to begin: entries strictly below this, in the order of this class. */
  record Below(long timeNanos, int lane, long sequence) {

    /** The last entry that a lane may give; its key is filled in. */
    private Key high(long key, int ofLane) {
      if (ofLane == lane) {
        return new Key(key, timeNanos, sequence - 1);
      }
      return ofLane < lane
          ? new Key(key, timeNanos, Long.MAX_VALUE)
          : new Key(key, timeNanos - 1, Long.MAX_VALUE);
    }
  }

  /** Adds what a part has under these keys. */
  void add(int lane, Searchable part, Collection<Long> keys, Below below) {
    if (part.entries(section) == 0 || part.times().lastEvent() < fromNanos) {
      return;
    }
    for (long key : keys) {
      Key high = below.high(key, lane);
      long bound = Math.min(high.b(), part.times().lastEvent());
      if (bound >= fromNanos && part.times().firstEvent() <= bound) {
        streams.add(new Stream(lane, part, key, high, bound));
      }
    }
  }

  /** Goes to the next entry; false when there is none. */
  boolean next() {
    Stream used = begun ? streams.poll() : null;
    begun = true;
    if (used != null && used.advance()) {
      streams.add(used);
    }
    for (Stream first = streams.peek(); first != null && !first.opened; first = streams.peek()) {
      streams.remove(first);
      if (first.advance()) {
        streams.add(first);
      }
    }
    return !streams.isEmpty();
  }

  private Stream first() {
    Stream first = streams.peek();
    if (first == null) {
      throw new IllegalStateException("no entry");
    }
    return first;
  }

  RecordPlace place() {
    return new RecordPlace(first().lane, first().page.c(first().at));
  }

  long timeNanos() {
    return first().time;
  }

  int tag() {
    return first().page.tag(first().at);
  }

  /** The entries under one key in one part. */
  private final class Stream implements Comparable<Stream> {
    private final int lane;
    private final Searchable part;
    private final Key low;
    private Key high;
    private Page page = Page.EMPTY;
    private int at;
    private boolean opened;

    /** Of the entry; before the first, no entry is later. */
    private long time;

    Stream(int lane, Searchable part, long key, Key high, long bound) {
      this.lane = lane;
      this.part = part;
      this.low = new Key(key, fromNanos, Long.MIN_VALUE);
      this.high = high;
      this.time = bound;
    }

    boolean advance() {
      opened = true;
      at--;
      if (at < 0) {
        page = part.last(section, low, high);
        if (page.isEmpty()) {
          return false;
        }
        high = page.key(0).before();
        at = page.size() - 1;
      }
      time = page.b(at);
      return true;
    }

    @Override
    public int compareTo(Stream other) {
      if (time != other.time) {
        return Long.compare(other.time, time);
      }
      // One that is not opened may have anything of that time, so it must be opened first.
      if (opened != other.opened) {
        return opened ? 1 : -1;
      }
      if (lane != other.lane) {
        return Integer.compare(other.lane, lane);
      }
      return opened ? Long.compare(other.page.c(other.at), page.c(at)) : 0;
    }
  }
}
