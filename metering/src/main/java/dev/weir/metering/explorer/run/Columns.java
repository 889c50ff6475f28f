package dev.weir.metering.explorer.run;

import java.util.PriorityQueue;

/** The entries of one section in memory, in any order. Immutable as far as they are seen from here. */
interface Columns {

  int size();

  long a(int i);

  long b(int i);

  long c(int i);

  int tag(int i);

  private int compare(int i, int j) {
    return Key.compare(a(i), b(i), c(i), a(j), b(j), c(j));
  }

  /** A single entry; none when there is none at this place. */
  default Page one(int i) {
    return i < 0
        ? Page.EMPTY
        : Page.of(new long[] {a(i)}, new long[] {b(i)}, new long[] {c(i)}, new int[] {tag(i)});
  }

  /**
   * The last ones between two keys, both included. Cost: looks at each entry once, from the newest on,
   * as times mostly ascend with the journal: then the first it looks at are the ones to keep.
   */
  default Page last(Key low, Key high, int max) {
    PriorityQueue<Integer> kept = new PriorityQueue<>((i, j) -> compare(i, j));
    for (int i = size() - 1; i >= 0; i--) {
      long a = a(i);
      if (a < low.a() || a > high.a()) {
        continue;
      }
      boolean inside = Key.compare(a, b(i), c(i), low.a(), low.b(), low.c()) >= 0
          && Key.compare(a, b(i), c(i), high.a(), high.b(), high.c()) <= 0;
      if (inside && (kept.size() < max || compare(i, kept.element()) > 0)) {
        if (kept.size() == max) {
          kept.remove();
        }
        kept.add(i);
      }
    }
    return page(kept);
  }

  private Page page(PriorityQueue<Integer> ascending) {
    int count = ascending.size();
    if (count == 0) {
      return Page.EMPTY;
    }
    long[] as = new long[count];
    long[] bs = new long[count];
    long[] cs = new long[count];
    int[] tags = new int[count];
    for (int at = 0; at < count; at++) {
      int i = ascending.remove();
      as[at] = a(i);
      bs[at] = b(i);
      cs[at] = c(i);
      tags[at] = tag(i);
    }
    return Page.of(as, bs, cs, tags);
  }
}
