package dev.weir.metering.explorer.run;

import java.util.Collection;
import java.util.PriorityQueue;

/** The entries of several sources in one order. */
final class MergedEntries implements Entries {

  private static final int ENTRIES = 256;

  private final PriorityQueue<Entries> sources = new PriorityQueue<>(
      (one, other) -> Key.compare(one.a(), one.b(), one.c(), other.a(), other.b(), other.c()));
  private final Runnable fromTimeToTime;
  private boolean begun;
  private int untilThen = ENTRIES;

  /**
   * Begins before the first entry.
   *
   * @param fromTimeToTime run whenever some hundreds of entries have been read
   */
  MergedEntries(Collection<? extends Entries> sources, Runnable fromTimeToTime) {
    this.fromTimeToTime = fromTimeToTime;
    for (Entries source : sources) {
      if (source.next()) {
        this.sources.add(source);
      }
    }
  }

  private Entries first() {
    Entries first = sources.peek();
    if (first == null) {
      throw new IllegalStateException("no entry");
    }
    return first;
  }

  @Override
  public boolean next() {
    if (--untilThen == 0) {
      untilThen = ENTRIES;
      fromTimeToTime.run();
    }
    if (begun) {
      Entries used = sources.poll();
      if (used != null && used.next()) {
        sources.add(used);
      }
    }
    begun = true;
    return !sources.isEmpty();
  }

  @Override
  public long a() {
    return first().a();
  }

  @Override
  public long b() {
    return first().b();
  }

  @Override
  public long c() {
    return first().c();
  }

  @Override
  public int tag() {
    return first().tag();
  }
}
