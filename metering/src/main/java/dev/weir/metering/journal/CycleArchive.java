package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedSet;

/** Where cycles are kept that are no longer beside the others. Thread-safe. */
public interface CycleArchive {

  /** The archive of an installation that has none. */
  CycleArchive NONE = new CycleArchive() {
    @Override
    public SortedSet<Integer> cycles(int lane) {
      return Collections.emptySortedSet();
    }

    @Override
    public int newestGone(int lane) {
      return -1;
    }

    @Override
    public Path fetch(int lane, int cycle) throws IOException {
      throw new NoSuchFileException("lane-%d/%s".formatted(lane, Cycles.name(cycle)));
    }
  };

  /** The cycles of a lane that are known, whether they are here or not. */
  SortedSet<Integer> cycles(int lane);

  /** The newest known cycle of a lane that is neither here nor can be fetched; -1 if there is none. */
  int newestGone(int lane);

  /** Those of them that can be fetched, or might be. */
  default SortedSet<Integer> fetchable(int lane) {
    return cycles(lane);
  }

  /**
   * A local copy of a cycle's file, checked against what was archived. May block for long.
   *
   * @throws NoSuchFileException when nothing is known of it
   * @throws JournalCorrupt when it is known, and gone
   */
  Path fetch(int lane, int cycle) throws IOException;
}
