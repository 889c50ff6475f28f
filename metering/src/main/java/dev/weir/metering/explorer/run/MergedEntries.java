package dev.weir.metering.explorer.run;

import java.util.Collection;

/**
 * The entries of several sources in one order.
 *
 * <p>A binary heap of the sources by the entries they are at, whose keys are kept beside it: reading an
 * entry costs two comparisons of numbers when the next is from the same source, and two for each level of
 * the heap when it is from any.
 */
final class MergedEntries implements Entries {

  private static final int ENTRIES = 256;

  private final Entries[] sources;
  private final long[] as;
  private final long[] bs;
  private final long[] cs;
  private int size;

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
    this.sources = sources.stream().filter(Entries::next).toArray(Entries[]::new);
    this.size = this.sources.length;
    this.as = new long[size];
    this.bs = new long[size];
    this.cs = new long[size];
    for (int at = size - 1; at >= 0; at--) {
      sink(this.sources[at], at);
    }
  }

  @Override
  public boolean next() {
    if (--untilThen == 0) {
      untilThen = ENTRIES;
      fromTimeToTime.run();
    }
    if (begun && size > 0) {
      Entries used = sources[0];
      if (used.next()) {
        sink(used, 0);
      } else if (--size > 0) {
        sink(sources[size], 0);
      }
    }
    begun = true;
    return size > 0;
  }

  /** Puts a source where it belongs below a place that is free. */
  private void sink(Entries source, int from) {
    long a = source.a();
    long b = source.b();
    long c = source.c();
    int at = from;
    int below = smallerBelow(at);
    while (below < size && Key.compare(as[below], bs[below], cs[below], a, b, c) < 0) {
      sources[at] = sources[below];
      as[at] = as[below];
      bs[at] = bs[below];
      cs[at] = cs[below];
      at = below;
      below = smallerBelow(at);
    }
    sources[at] = source;
    as[at] = a;
    bs[at] = b;
    cs[at] = c;
  }

  private int smallerBelow(int at) {
    int one = 2 * at + 1;
    int other = one + 1;
    boolean isOther =
        other < size && Key.compare(as[other], bs[other], cs[other], as[one], bs[one], cs[one]) < 0;
    return isOther ? other : one;
  }

  @Override
  public long a() {
    return as[0];
  }

  @Override
  public long b() {
    return bs[0];
  }

  @Override
  public long c() {
    return cs[0];
  }

  @Override
  public int tag() {
    return sources[0].tag();
  }
}
