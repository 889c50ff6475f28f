package dev.weir.metering.explorer.run;

import java.util.Arrays;
import java.util.Collection;

/**
 * The entries of several sources in one order. Begins before the first. Confined to one thread.
 *
 * <p>A tree of losers (Knuth, The Art of Computer Programming, volume 3, 5.4.1): the sources are its leaves,
 * each node above keeps the source whose entry came later of the two that met there, and the other went on
 * upwards. So an entry costs one comparison for each level; and one alone as long as what comes next is from
 * the same source, against the least of those that it last met.
 */
final class MergedEntries {

  private static final int ENTRIES = 256;
  private static final int NONE = -1;

  private final TreeEntries[] sources;

  /** The entry that each source is at; beyond all others when it has no more. */
  private final long[] as;

  private final long[] bs;
  private final long[] cs;

  /** The sources that lost, by node; that of the root is 1, those below a node n are 2 n and 2 n + 1. */
  private final int[] losers;

  private int first = NONE;

  /** Which loser is next to the first, as long as the first does not change; none where nobody looked. */
  private int second = NONE;

  private int sourcesLeft;

  private final Runnable fromTimeToTime;
  private boolean begun;
  private int untilThen = ENTRIES;

  /**
   * @param fromTimeToTime run whenever some hundreds of entries have been read
   */
  MergedEntries(Collection<TreeEntries> sources, Runnable fromTimeToTime) {
    this.fromTimeToTime = fromTimeToTime;
    this.sources = sources.toArray(TreeEntries[]::new);
    int count = this.sources.length;
    this.sourcesLeft = count;
    this.as = new long[count];
    this.bs = new long[count];
    this.cs = new long[count];
    this.losers = new int[count];
    Arrays.fill(losers, NONE);
    for (int source = 0; source < count; source++) {
      read(source);
      enter(source);
    }
  }

  /** Fetches the next entry of a source. */
  private void read(int source) {
    TreeEntries entries = sources[source];
    if (entries.next()) {
      as[source] = entries.a();
      bs[source] = entries.b();
      cs[source] = entries.c();
    } else {
      as[source] = Long.MAX_VALUE;
      bs[source] = Long.MAX_VALUE;
      cs[source] = Long.MAX_VALUE;
      sourcesLeft--;
    }
  }

  /** Goes upwards until nobody has come from the other side yet. */
  private void enter(int source) {
    int winner = source;
    for (int node = parentOf(source); node > 0; node /= 2) {
      int met = losers[node];
      if (met == NONE) {
        losers[node] = winner;
        return;
      }
      if (isBefore(met, winner)) {
        losers[node] = winner;
        winner = met;
      }
    }
    first = winner;
  }

  private int parentOf(int source) {
    return (source + sources.length) / 2;
  }

  private boolean isBefore(int source, int other) {
    return Key.compare(as[source], bs[source], cs[source], as[other], bs[other], cs[other]) < 0;
  }

  /** Goes to the next entry; false when there is none. */
  boolean next() {
    if (--untilThen == 0) {
      untilThen = ENTRIES;
      fromTimeToTime.run();
    }
    if (begun && sourcesLeft > 0) {
      read(first);
      if (second == NONE || !isBefore(first, second)) {
        replay();
      }
    }
    begun = true;
    return sourcesLeft > 0;
  }

  /** Lets the source that was first go upwards again; the losers that it meets are those of its way. */
  private void replay() {
    int before = first;
    int winner = before;
    for (int node = parentOf(before); node > 0; node /= 2) {
      int met = losers[node];
      if (isBefore(met, winner)) {
        losers[node] = winner;
        winner = met;
      }
    }
    first = winner;
    second = winner == before ? leastLoser(winner) : NONE;
  }

  private int leastLoser(int winner) {
    int least = NONE;
    for (int node = parentOf(winner); node > 0; node /= 2) {
      least = least == NONE || isBefore(losers[node], least) ? losers[node] : least;
    }
    return least;
  }

  long a() {
    return as[first];
  }

  long b() {
    return bs[first];
  }

  long c() {
    return cs[first];
  }

  int tag() {
    return sources[first].tag();
  }
}
