package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.SimulatedAggregator;
import dev.weir.metering.ingest.GroupCommit;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.simulation.disk.PowerCut;
import dev.weir.metering.simulation.disk.SimulatedCrash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The machine on which one process after the other lives, and what is left of those before. */
final class Machine {

  private static final int ZOMBIES_MAX = 2;
  private static final int LANES_MAX = 3;
  private static final long IDENTITIES_MAX = 30_000;

  private final SimulatedNode.World world;
  private final SplittableRandom random;
  private final Swarm swarm;
  private final Trace trace;

  /** Aggregators of processes that were thought to be dead. */
  private final List<SimulatedAggregator> zombies = new ArrayList<>();

  /** Null while no process runs. */
  private SimulatedNode node;

  private int lanes;

  Machine(SimulatedNode.World world, SplittableRandom random, Swarm swarm, Trace trace) {
    this.world = world;
    this.random = random;
    this.swarm = swarm;
    this.trace = trace;
    changeLanes();
  }

  /** The process that runs; null when none does. */
  SimulatedNode node() {
    return node;
  }

  boolean isHealthy() {
    return node != null && node.isHealthy();
  }

  boolean hasZombies() {
    return !zombies.isEmpty();
  }

  private void changeLanes() {
    lanes = 1 + random.nextInt(LANES_MAX);
  }

  /** Starts a process in the place of the one that runs, perhaps with another number of lanes. */
  void restart() {
    end();
    if (random.nextInt(4) == 0) {
      changeLanes();
    }
    start();
  }

  void start() {
    trace.step("a process starts with " + lanes + " lanes");
    IngestOptions options = new IngestOptions(
        lanes,
        swarm.queuedRequestsMax(),
        1 << 20,
        GroupCommit.unspaced(swarm.batchBytesMax()),
        0,
        IDENTITIES_MAX,
        swarm.horizonDays());
    try {
      node = new SimulatedNode(world, options);
      Rebuilding.checkIdentities(world, node);
    } catch (SimulatedCrash e) {
      afterCrash("while it starts");
    } catch (IOException | UncheckedIOException e) {
      trace.outcome("it ends at once: " + e.getMessage());
    } catch (RuntimeException e) {
      if (!SimulatedAggregator.isAway(e)) {
        throw e;
      }
      trace.outcome("it ends at once: " + e.getMessage());
    }
  }

  /** Ends the process, if one runs, without a trace in what it wrote. */
  void end() {
    if (node != null) {
      trace.outcome("the process ends");
      node.end();
      node = null;
    }
  }

  /** Does something in the process, in which it may end. */
  void inProcess(Runnable work) {
    try {
      work.run();
    } catch (SimulatedCrash e) {
      // Seen below as well when somebody has caught it.
    }
    if (world.disk().crashed()) {
      afterCrash("at an operation of the disk");
    }
  }

  void crash() {
    trace.step("crash");
    afterCrash("between two steps");
  }

  /** The process is gone; perhaps the machine with it, or perhaps it only seems so. */
  private void afterCrash(String where) {
    SimulatedNode gone = node;
    node = null;
    if (random.nextBoolean()) {
      PowerCut kind = Chance.any(random, PowerCut.values());
      trace.outcome("the power goes " + where + ": " + kind);
      world.disk().cutPower(kind);
      zombies.clear();
    } else {
      trace.outcome("the process is killed " + where);
      world.disk().restart();
      if (gone != null && zombies.size() < ZOMBIES_MAX && random.nextInt(3) == 0) {
        trace.outcome("but its aggregator is only asleep");
        zombies.add(gone.aggregator());
      }
    }
    if (gone != null) {
      gone.end();
    }
  }

  void turn() {
    int lane = random.nextInt(node.writtenLanes());
    trace.step("lane " + lane + " has a turn");
    turn(lane);
  }

  /** Lets every lane have a turn. */
  void turnAll() {
    for (int lane = 0; node != null && lane < node.writtenLanes(); lane++) {
      turn(lane);
    }
  }

  private void turn(int lane) {
    SimulatedNode running = node;
    inProcess(() -> running.turn(lane));
    if (node != null && node.ingest().isStopped()) {
      trace.outcome("a lane has stopped: " + node.ingest().failure());
    }
  }

  void fold() {
    trace.step("the aggregator folds");
    inProcess(() -> noteAggregator(node.aggregator().fold()));
  }

  void flush() {
    trace.step("the aggregator writes");
    inProcess(() -> noteAggregator(node.aggregator().flush()));
  }

  private void noteAggregator(boolean works) {
    trace.outcome(
        works
            ? "committed " + node.aggregator().committed() + ", store "
                + world.store().position()
            : "stopped: " + node.aggregator().failure());
  }

  void seal() {
    trace.step("the sealer works");
    inProcess(() -> trace.outcome("there was " + (node.seal() ? "" : "no ") + "work; segments "
        + node.ingest().segments()));
  }

  void wakeZombie() {
    SimulatedAggregator zombie = zombies.get(random.nextInt(zombies.size()));
    boolean works = random.nextBoolean() ? zombie.fold() : zombie.flush();
    trace.step("an aggregator that was thought dead works: " + works);
    if (!works) {
      zombies.remove(zombie);
    }
  }

  /** Lets each zombie do its last. */
  void buryZombies() {
    for (int i = zombies.size(); i > 0; i--) {
      wakeZombie();
    }
    zombies.clear();
  }
}
