package dev.weir.metering.explorer.run;

import dev.weir.metering.Invariant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes one tree from entries in ascending order. Memory: a page for each level. */
final class TreeWriter implements EntrySink {

  private final RunOutput out;
  private final List<PageWriter> levels = new ArrayList<>();
  private long entries;
  private long lastA;
  private long lastB;
  private long lastC;

  TreeWriter(RunOutput out) {
    this.out = out;
    levels.add(new PageWriter(0));
  }

  @Override
  public void add(long a, long b, long c, int tag) throws IOException {
    Invariant.check(
        entries == 0 || Key.compare(lastA, lastB, lastC, a, b, c) < 0, "entries of a tree ascend");
    lastA = a;
    lastB = b;
    lastC = c;
    entries++;
    PageWriter leaf = levels.get(0);
    leaf.add(a, b, c, tag);
    if (leaf.isFull()) {
      flush(0);
    }
  }

  /** Writes the page of a level and tells the level above. */
  private void flush(int height) throws IOException {
    PageWriter page = levels.get(height);
    page.end();
    long offset = out.offset();
    out.write(page.array(), page.length());
    if (height + 1 == levels.size()) {
      levels.add(new PageWriter(height + 1));
    }
    PageWriter above = levels.get(height + 1);
    above.addPage(page.firstA(), page.firstB(), page.firstC(), page.length(), offset);
    page.clear();
    if (above.isFull()) {
      flush(height + 1);
    }
  }

  /** Completes the tree. */
  TreeRoot end() throws IOException {
    if (entries == 0) {
      return TreeRoot.NONE;
    }
    int top = 0;
    while (top + 1 < levels.size()) {
      if (!levels.get(top).isEmpty()) {
        flush(top);
      }
      top++;
    }
    PageWriter root = levels.get(top);
    root.end();
    long offset = out.offset();
    out.write(root.array(), root.length());
    return new TreeRoot(offset, root.length(), top, entries);
  }
}
