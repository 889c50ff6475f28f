package dev.weir.metering.explorer.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.EnumMap;
import java.util.Map;

/** A run held open, with the topmost page of each tree and the leaf that was used last in memory. */
final class RunLookup implements Searchable.Lookup {

  private final Run run;
  private final FileChannel channel;
  private final Map<Section, Page> tops = new EnumMap<>(Section.class);
  private final Map<Section, Page> leaves = new EnumMap<>(Section.class);

  RunLookup(Run run) {
    this.run = run;
    try {
      this.channel = run.openFile();
    } catch (IOException e) {
      throw new RunDamaged(run.path(), String.valueOf(e));
    }
  }

  @Override
  public Page around(Section section, Key key) {
    Page known = leaves.get(section);
    if (known != null && known.holds(key)) {
      return known;
    }
    TreeRoot root = run.root(section);
    if (root.isEmpty()) {
      return Page.EMPTY;
    }
    try {
      Page top = tops.get(section);
      if (top == null) {
        top = run.page(channel, root.offset(), root.length(), root.height());
        tops.put(section, top);
      }
      Page leaf = run.leaf(channel, top, root.height(), key);
      leaves.put(section, leaf);
      return leaf;
    } catch (IOException e) {
      throw new RunDamaged(run.path(), String.valueOf(e));
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Only read from.
    }
  }
}
