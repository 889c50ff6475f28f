package dev.weir.metering.explorer.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** All entries of one tree of a run, in order. Memory: a page for each level. */
final class TreeEntries {

  private final Run run;
  private final FileChannel channel;
  private final Deque<Place> above = new ArrayDeque<>();
  private Page leaf = Page.EMPTY;
  private int at = -1;

  /** A page above the leaves, and which of the pages below is next. */
  private static final class Place {
    private final Page page;
    private final int height;
    private int next;

    Place(Page page, int height) {
      this.page = page;
      this.height = height;
    }
  }

  TreeEntries(Run run, FileChannel channel, Section section) {
    this.run = run;
    this.channel = channel;
    TreeRoot root = run.root(section);
    if (!root.isEmpty()) {
      enter(root.offset(), root.length(), root.height());
    }
  }

  private void enter(long offset, int length, int height) {
    try {
      Page page = run.page(channel, offset, length, height);
      if (height == 0) {
        leaf = page;
        at = -1;
      } else {
        above.push(new Place(page, height));
        leaf = Page.EMPTY;
      }
    } catch (IOException e) {
      throw new RunDamaged(run.path(), String.valueOf(e));
    }
  }

  /** Goes to the next entry; false when there is none. */
  boolean next() {
    at++;
    while (at >= leaf.size()) {
      Place place = above.peek();
      if (place == null) {
        return false;
      }
      if (place.next == place.page.size()) {
        above.pop();
      } else {
        int child = place.next++;
        enter(place.page.offset(child), place.page.tag(child), place.height - 1);
        at = 0;
      }
    }
    return true;
  }

  long a() {
    return leaf.a(at);
  }

  long b() {
    return leaf.b(at);
  }

  long c() {
    return leaf.c(at);
  }

  int tag() {
    return leaf.tag(at);
  }
}
