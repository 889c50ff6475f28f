package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.simulation.disk.DiskFault;
import dev.weir.metering.simulation.disk.PowerCut;
import dev.weir.metering.simulation.disk.SimulatedCrash;
import dev.weir.metering.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The n-th operation on the disk fails, for every n, and then the power does, in every way. */
class JournalDurabilityTest {

  private static final int OPERATIONS_MAX = 40;

  private final List<String> faults = new ArrayList<>();
  private Instant now = Instant.parse("2026-03-05T12:00:00Z");
  private SimulatedDisk disk;

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.weir.metering.journal");
  private Level level;

  /** Repairs are what this is made of. */
  @BeforeEach
  void quieten() {
    level = logger.getLevel();
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void restore() {
    logger.setLevel(level);
  }

  private Path journal() {
    return disk.root().resolve("journal");
  }

  private SimulatedLane open() throws IOException {
    SimulatedLane.createJournal(journal());
    return new SimulatedLane(journal(), 0);
  }

  /** Appends frames of one record each; gives how many are on stable storage. */
  private int append(int from, int count, boolean rolls) {
    int durable = from;
    try {
      SimulatedLane lane = open();
      try (EventLog log = lane.writer(Flusher.FORCE, () -> now, () -> true)) {
        for (int i = from; i < from + count; i++) {
          if (!log.hasRoom()) {
            faults.add("no room");
            return durable;
          }
          byte[] frame = frame(i + 1);
          log.append(frame, frame.length);
          durable = i + 1;
          now = rolls ? now.plusSeconds(3_600) : now;
        }
      }
    } catch (IOException | InternalError | SimulatedCrash e) {
      faults.add(e.toString());
    }
    return durable;
  }

  private static byte[] frame(int sequence) {
    return Frames.bytes(0, sequence, Decoding.json(Decoding.event("id-" + sequence)));
  }

  private int frames() throws IOException {
    try (JournalReader reader = open().reader()) {
      int count = 0;
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        assertEquals(++count, frame.lastSequence());
      }
      return count;
    }
  }

  /** Runs a story for every operation that can fail, every way to fail, and every way to lose power. */
  private void forEveryFault(Consumer<PowerCut> story) {
    for (PowerCut cut : PowerCut.values()) {
      for (DiskFault fault : DiskFault.values()) {
        for (int n = 0; n < OPERATIONS_MAX; n++) {
          for (long seed = 0; seed < 2; seed++) {
            now = Instant.parse("2026-03-05T12:00:00Z");
            disk = new SimulatedDisk(new SplittableRandom(seed));
            disk.failLater(n, fault);
            try {
              story.accept(cut);
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError(
                  fault + " at operation " + n + ", " + cut + ", seed " + seed, e);
            }
          }
        }
      }
    }
    assertTrue(faults.size() > 500, "faults struck " + faults.size() + " times");
  }

  @Test
  void whatWasFlushedSurvivesThePowerCutThatEndsTheProcess() {
    for (boolean rolls : new boolean[] {false, true}) {
      forEveryFault(cut -> {
        int durable = append(0, 3, rolls);
        disk.cutPower(cut);
        disk.heal();
        int read = uncheckedFrames();
        assertTrue(read == durable || read == durable + 1, read + " of " + durable);
        assertEquals(read + 2, append(read, 2, rolls));
        assertEquals(read + 2, uncheckedFrames());
      });
    }
  }

  /** A process that comes after a failed one answers for everything that it reads back. */
  @Test
  void whatIsReadBackAfterAFailureSurvivesALaterPowerCut() {
    for (int way = 0; way < 4; way++) {
      boolean rolls = way % 2 == 0;
      int more = way / 2;
      forEveryFault(cut -> {
        int durable = append(0, 3, rolls);
        disk.restart();
        disk.heal();
        int read = uncheckedFrames();
        assertTrue(read == durable || read == durable + 1, read + " of " + durable);
        assertEquals(read + more, append(read, more, rolls));
        disk.cutPower(cut);
        assertEquals(read + more, uncheckedFrames());
      });
    }
  }

  private int uncheckedFrames() {
    try {
      return frames();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
