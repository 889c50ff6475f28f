package dev.weir.metering.archive;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Verifies a whole journal without changing it, whether or not a Weir is using it: every byte of every
 * file, that sequences go on from file to file, seals, and on request what the archive holds.
 */
public final class JournalCheck {

  private final Path journal;
  private final Optional<ArchiveTarget> archive;
  private final Consumer<CheckProblem> report;

  /**
   * Prepares.
   *
   * @param archive to read back from and compare; empty to leave the archive out
   * @param report told each problem as it is found
   */
  public JournalCheck(
      Path journal, Optional<ArchiveTarget> archive, Consumer<CheckProblem> report) {
    this.journal = journal;
    this.archive = archive;
    this.report = report;
  }

  /** Reads everything. Blocks; memory is bounded by the largest frame. */
  public CheckTotals run() throws IOException {
    CheckTotals totals = CheckTotals.NONE;
    int lanes = lanes(journal);
    for (int lane = 0; lane < lanes; lane++) {
      totals = totals.plus(
          new LaneCheck(lane, LaneFiles.of(journal, lane, CycleArchive.NONE), archive, report)
              .run());
    }
    return totals.records() > 0 ? totals.plus(identityKey()) : totals;
  }

  /** How many lanes a journal's directory has. */
  public static int lanes(Path journal) {
    int lanes = 0;
    while (Files.isDirectory(journal.resolve("lane-" + lanes))) {
      lanes++;
    }
    return lanes;
  }

  /** Without its key, a journal's events can be read, but no duplicate of one recognized. */
  private CheckTotals identityKey() throws IOException {
    Path key = journal.resolve("identity-key");
    String what = "";
    if (!Files.exists(key)) {
      what = "the key of event identities is missing: duplicates would not be recognized any more";
    } else if (Files.size(key) != IdentityKey.BYTES) {
      what = "the key of event identities has %d bytes, not %d"
          .formatted(Files.size(key), IdentityKey.BYTES);
    }
    if (what.isEmpty()) {
      return CheckTotals.NONE;
    }
    report.accept(new CheckProblem(key.toString(), -1, null, -1, -1, what));
    return CheckTotals.NONE.withProblem();
  }
}
