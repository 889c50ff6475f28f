package dev.weir.metering.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * The whole path from request to window on one thread, with a clock, a disk, a database and a network
 * that fail by a seed.
 *
 * <p>To run many seeds: {@code mvn -pl metering -am verify -Dtest=MeteringSimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dweir.simulation.seeds=20000}, and with {@code
 * -Dweir.simulation.first=1000000} others. To see one: {@code -Dweir.simulation.seed=4711}.
 */
class MeteringSimulationTest {

  private static final int STEPS = 250;
  private static final int SEEDS_TO_FIND_A_BUG = 1_000;
  private static final long NORMAL_SEEDS = 2_000;
  private static final long NORMAL_NANOS = 20_000_000_000L;

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.weir.metering");
  private Level level;

  /** Crashes and repairs are what this is made of. */
  @BeforeEach
  void quieten() {
    level = logger.getLevel();
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void restore() {
    logger.setLevel(level);
  }

  @Test
  void whateverFailsNothingAcknowledgedIsLostOrCountedTwice() {
    Long one = Long.getLong("weir.simulation.seed");
    if (one != null) {
      run(one, PlantedBug.NONE, new Trace(System.out));
      return;
    }
    Long many = Long.getLong("weir.simulation.seeds");
    long first = Long.getLong("weir.simulation.first", 1);
    long end = first + (many == null ? NORMAL_SEEDS : many);
    long start = System.nanoTime();
    for (long seed = first; seed < end; seed++) {
      run(seed, PlantedBug.NONE, new Trace(null));
      if (many == null && System.nanoTime() - start > NORMAL_NANOS) {
        return;
      }
    }
  }

  private static void run(long seed, PlantedBug bug, Trace trace) {
    try {
      new Simulation(seed, bug, trace).run(STEPS);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "seed %d, step %d: %s%nReplay with -Dweir.simulation.seed=%d. The last steps:%n%s"
              .formatted(seed, trace.step(), e, seed, trace.lastSteps()),
          e);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aPlantedBugIsFound(PlantedBug bug) {
    for (long seed = 1; seed <= SEEDS_TO_FIND_A_BUG; seed++) {
      try {
        run(seed, bug, new Trace(null));
      } catch (AssertionError e) {
        // A failure of anything else would say nothing of this bug.
        assertInstanceOf(Violation.class, e.getCause(), e.toString());
        return;
      }
    }
    fail(bug + " was not found");
  }

  @Test
  void aSeedTellsTheSameStoryAgain() {
    for (long seed = 1; seed <= 5; seed++) {
      assertEquals(story(seed), story(seed));
    }
  }

  private static String story(long seed) {
    ByteArrayOutputStream story = new ByteArrayOutputStream();
    run(seed, PlantedBug.NONE, new Trace(new PrintStream(story, true, StandardCharsets.UTF_8)));
    return story.toString(StandardCharsets.UTF_8);
  }
}
