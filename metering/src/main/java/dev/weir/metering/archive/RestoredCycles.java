package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings cycles back from an archive to where they were, by hand: what is there already stays; what
 * comes is proven to be what was sealed. They stay as long as retention says, counted from now.
 */
public final class RestoredCycles {

  private static final Pattern ENTRY =
      Pattern.compile("lane-([0-9]{1,2})/([0-9]{8}-[0-9]{2})F\\.sum");

  private final Path journal;
  private final Archiver archiver;
  private final InstantSource clock;

  public RestoredCycles(Path journal, ArchiveTarget target, InstantSource clock) {
    this.journal = journal;
    this.archiver = new Archiver(target, "");
    this.clock = clock;
  }

  /** Told what was done with a cycle of a lane. */
  @FunctionalInterface
  public interface Progress {
    void done(int lane, String cycle, boolean wasHere, long bytes);
  }

  /**
   * Restores a cycle of every lane that has it.
   *
   * @param cycle its name, or empty for every cycle in the archive
   * @return how many files there are now, whether they came or were here
   */
  public int restore(Optional<String> cycle, Progress progress) throws IOException {
    int count = 0;
    for (String name : archiver.target().names("lane-")) {
      Matcher entry = ENTRY.matcher(name);
      if (entry.matches()
          && cycle.filter(wanted -> !wanted.equals(entry.group(2))).isEmpty()) {
        restore(Integer.parseInt(entry.group(1)), Cycles.parse(entry.group(2)), progress);
        count++;
      }
    }
    return count;
  }

  private void restore(int lane, int cycle, Progress progress) throws IOException {
    LaneFiles files = LaneFiles.of(journal, lane, CycleArchive.NONE);
    LaneRecords records = new LaneRecords(files);
    Path path = files.path(cycle);
    boolean wasHere = Files.exists(path);
    CycleSum sum = archiver
        .entry(lane, cycle)
        .orElseThrow(() -> new IOException("archive %s: the entry of lane %d, cycle %s has gone"
            .formatted(archiver.target().place(), lane, Cycles.name(cycle))));
    if (!wasHere) {
      ArchivedCycles.fetchTo(archiver.target(), sum, path);
      if (!records.isSealed(cycle)) {
        records.seal(sum);
      }
      records.markArchived(cycle, archiver.target().place());
      records.markRestored(cycle, clock.millis());
    }
    progress.done(lane, Cycles.name(cycle), wasHere, sum.facts().bytes());
  }
}
