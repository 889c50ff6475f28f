package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@link CrashIT} under a clock on which an hour passes in three seconds: the journal rolls
 * from file to file and closed ones are dealt with while the process is killed.
 */
final class RollCrashIT {

  private static final int ROUNDS = Integer.getInteger("weir.crash.rounds", 12);
  private static final long SEED = Long.getLong("weir.crash.seed", System.nanoTime());

  /** Kept after a failure, for the search of its cause. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  @Test
  void nothingIsLostOrDoubledWhileTheJournalRolls() throws IOException {
    Path data = temporary.resolve("data");
    long startMillis = System.currentTimeMillis();
    try (CrashRun run = new CrashRun("RollCrashIT", SEED, environment -> {
      Map<String, String> all = new HashMap<>(environment);
      all.put(HastyMain.START_MILLIS, Long.toString(startMillis));
      return WeirProcess.start(HastyMain.class.getName(), data, all);
    })) {
      assertTrue(run.rounds(ROUNDS) > ROUNDS, "events were sent in every round");
    }
    assertTrue(cycleFiles(data).size() > ROUNDS, "the journal rolled: " + cycleFiles(data));
  }

  private static List<String> cycleFiles(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("journal"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cq4"))
          .sorted()
          .toList();
    }
  }
}
