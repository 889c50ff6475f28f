package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.archive.CheckProblem;
import dev.weir.metering.archive.CheckTotals;
import dev.weir.metering.archive.CycleListing;
import dev.weir.metering.archive.DirectoryTarget;
import dev.weir.metering.archive.JournalCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@link RollCrashIT} with an archive: cycles are sealed and archived, and leave the disk
 * after a day, which is over in 72 seconds, while the process is killed.
 */
final class ArchiveCrashIT {

  private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 12);
  private static final long SEED = Long.getLong("weir.crash.seed", System.nanoTime());

  /** Kept after a failure, for the search of its cause. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  @Test
  void nothingIsLostOrDoubledWhileTheJournalIsArchived() throws IOException {
    Path data = temporary.resolve("data");
    Path archive = temporary.resolve("archive");
    long startMillis = System.currentTimeMillis();
    try (CrashRun run = new CrashRun("ArchiveCrashIT", SEED, environment -> {
      Map<String, String> all = new HashMap<>(environment);
      all.put(HastyMain.START_MILLIS, Long.toString(startMillis));
      all.put("WEIR_JOURNAL_ARCHIVE", archive.toString());
      all.put("WEIR_JOURNAL_RETENTION_DAYS", "1");
      all.put("WEIR_JOURNAL_UPKEEP_SECONDS", "1");
      // Segments of identities are sealed often, so that cycles are free to go.
      all.put("WEIR_DEDUP_HORIZON_DAYS", "30");
      return WeirProcess.start(HastyMain.class.getName(), data, all);
    })) {
      assertTrue(run.rounds(ROUNDS) > ROUNDS, "events were sent in every round");
    }
    Map<CycleListing.State, Integer> states = states(data);
    System.out.printf("ArchiveCrashIT: %s%n", states);
    int archived = states.getOrDefault(CycleListing.State.ARCHIVED, 0)
        + states.getOrDefault(CycleListing.State.AWAY, 0);
    assertTrue(archived >= ROUNDS / 2, "seed " + SEED + ": " + states);
    List<CheckProblem> problems = new ArrayList<>();
    CheckTotals totals = new JournalCheck(
            data.resolve("journal"), Optional.of(new DirectoryTarget(archive)), problems::add)
        .run();
    assertEquals(List.of(), problems, "seed " + SEED);
    assertEquals(archived, totals.archived(), "seed " + SEED);
  }

  private static Map<CycleListing.State, Integer> states(Path data) throws IOException {
    Map<CycleListing.State, Integer> states = new EnumMap<>(CycleListing.State.class);
    for (CycleListing.Entry entry : CycleListing.of(data.resolve("journal"))) {
      states.merge(entry.state(), 1, Integer::sum);
    }
    return states;
  }
}
