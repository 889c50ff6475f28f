package dev.weir.metering.archive;

import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the files of a journal amount to.
 *
 * @param cycles on the local disk, each lane's counted by itself
 * @param bytes of those, as the file system shows it: the file being written counts what is allocated
 * @param sealed cycles that have ever been sealed
 * @param archived cycles that the archive holds
 * @param archivedBytes of those
 * @param error what failed in the last round; empty when nothing did
 */
public record UpkeepStatus(
    long cycles,
    long bytes,
    long sealed,
    long archived,
    long archivedBytes,
    Optional<String> error) {

  public static final UpkeepStatus NONE = new UpkeepStatus(0, 0, 0, 0, 0, Optional.empty());

  UpkeepStatus failing(String text) {
    return new UpkeepStatus(cycles, bytes, sealed, archived, archivedBytes, Optional.of(text));
  }

  /** The same with what is counted in one more lane. */
  UpkeepStatus with(LaneUpkeep lane) throws IOException {
    LaneFiles files = lane.files();
    long here = 0;
    long size = 0;
    for (int cycle : files.localCycles()) {
      Path path = files.path(cycle);
      here++;
      size += Files.exists(path) ? Files.size(path) : 0;
    }
    Set<Integer> there = lane.records().archived();
    long thereBytes = 0;
    for (int cycle : there) {
      thereBytes += lane.records().sum(cycle).map(sum -> sum.facts().bytes()).orElse(0L);
    }
    return new UpkeepStatus(
        cycles + here,
        bytes + size,
        sealed + lane.records().sealed().size(),
        archived + there.size(),
        archivedBytes + thereBytes,
        error);
  }
}
