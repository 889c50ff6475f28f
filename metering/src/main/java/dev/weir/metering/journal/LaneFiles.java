package dev.weir.metering.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of one lane: {@code 20260305-12F.cq4} for each hour that had frames. Some may be elsewhere
 * and come back when they are read, see {@link CycleArchive}. Thread-safe; holds nothing open.
 */
public final class LaneFiles {

  static final String SUFFIX = "F.cq4";

  private final Path directory;
  private final int lane;
  private final CycleArchive archive;

  LaneFiles(Path directory, int lane, CycleArchive archive) {
    this.directory = directory;
    this.lane = lane;
    this.archive = archive;
  }

  /** The files of a lane under a journal directory, also without the journal being open. */
  public static LaneFiles of(Path journal, int lane, CycleArchive archive) {
    return new LaneFiles(JournalLane.directory(journal, lane), lane, archive);
  }

  public Path directory() {
    return directory;
  }

  /** Where a cycle's file is, or would be. */
  public Path path(int cycle) {
    return directory.resolve(Cycles.name(cycle) + SUFFIX);
  }

  /** The cycles whose files are here, in order. */
  public SortedSet<Integer> localCycles() {
    try (Stream<Path> files = Files.list(directory)) {
      TreeSet<Integer> cycles = new TreeSet<>();
      files.map(file -> file.getFileName().toString()).forEach(name -> {
        if (name.endsWith(SUFFIX) && !name.startsWith(".")) {
          cycles.add(Cycles.parse(name.substring(0, name.length() - SUFFIX.length())));
        }
      });
      return cycles;
    } catch (NoSuchFileException e) {
      return Collections.emptySortedSet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest cycle that is neither here nor archived; -1 when there is none. */
  public int newestGone() {
    return archive.newestGone(lane);
  }

  /** All cycles that can be read, archived ones included, in order: those after what is gone. */
  public SortedSet<Integer> cycles() {
    TreeSet<Integer> cycles = new TreeSet<>(archive.cycles(lane));
    cycles.addAll(localCycles());
    // A copy: a view would refuse questions about what lies before it.
    return new TreeSet<>(cycles.tailSet(archive.newestGone(lane) + 1));
  }

  /** The newest cycle that has a frame; 0 when there is none. */
  int lastWithFrames() {
    TreeSet<Integer> cycles = new TreeSet<>(cycles());
    for (int cycle : cycles.descendingSet()) {
      try (CycleFile file = open(cycle)) {
        if (file.next() != null) {
          return cycle;
        }
      }
    }
    return 0;
  }

  /** The cycles that can be read, here or from the archive, in order: not those that are deleted. */
  public SortedSet<Integer> readableCycles() {
    TreeSet<Integer> cycles = new TreeSet<>(archive.fetchable(lane));
    cycles.addAll(localCycles());
    return cycles;
  }

  /** Opens a cycle for reading single records, as {@link #open} does for reading it through. */
  public RecordFile openRecords(int cycle) {
    try {
      return RecordFile.open(path(cycle), lane);
    } catch (NoSuchFileException e) {
      return fetch(cycle, fetched -> RecordFile.open(fetched, lane));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens a cycle for reading, fetching it from the archive if it is not here.
   *
   * @throws JournalCorrupt when the cycle is neither here nor archived
   */
  public CycleFile open(int cycle) {
    try {
      return CycleFile.open(path(cycle), lane, cycle);
    } catch (NoSuchFileException e) {
      return fetch(cycle, fetched -> CycleFile.open(fetched, lane, cycle));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a file. */
  @FunctionalInterface
  private interface Opening<T> {
    T open(Path file) throws IOException;
  }

  private <T> T fetch(int cycle, Opening<T> opening) {
    try {
      return opening.open(archive.fetch(lane, cycle));
    } catch (NoSuchFileException e) {
      throw new JournalCorrupt("journal lane %d, cycle %s: there is no file %s"
          .formatted(lane, Cycles.name(cycle), e.getFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
