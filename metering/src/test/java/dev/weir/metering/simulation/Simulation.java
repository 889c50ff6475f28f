package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.SimulatedStore;
import dev.weir.metering.dedup.IdentityRules;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.simulation.disk.SimulatedDisk;
import java.util.SplittableRandom;

/**
 * One run: a seed decides who does the next step, again and again, and the oracles look after each.
 * In the end all trouble stops, everything is answered and visible, and must add up.
 */
final class Simulation {

  /** 2026-03-05T11:57:00Z: shortly before an hour ends. */
  private static final long START_MILLIS = 1_772_711_820_000L;

  private static final int FIRST_METERS = 9;
  private static final int ROUNDS_MAX = 1_000;

  private final SplittableRandom random;
  private final Swarm swarm;
  private final Trace trace;
  private final SimulatedClients clients;
  private final SimulatedMeters meters;
  private final SimulatedNode.World world;
  private final Trouble trouble;
  private final Machine machine;

  /** The store's version that was checked last. */
  private int checkedVersion;

  /** Whether all trouble has ended. */
  private boolean calm;

  Simulation(long seed, PlantedBug bug, Trace trace) {
    this.random = new SplittableRandom(seed);
    this.trace = trace;
    this.swarm = Swarm.of(random);
    SimulatedClock clock = new SimulatedClock(START_MILLIS);
    Journaled.Registry registry = new Journaled.Registry();
    this.clients =
        new SimulatedClients(random.split(), new SimulatedEvents(random.split(), clock), registry);
    this.meters = new SimulatedMeters(random.split());
    this.world = new SimulatedNode.World(
        new SimulatedDisk(random.split()),
        new SimulatedStore(bug.inStore()),
        clock,
        registry,
        new JournalOracle(clock, swarm.horizonDays() * 86_400L),
        random.split(),
        new IdentityRules(
            30_000,
            swarm.horizonDays() * 86_400L,
            swarm.volumeIdentities(),
            swarm.horizonDays() * 2_700L,
            2),
        bug);
    if (bug == PlantedBug.NAMES_NOT_FLUSHED) {
      world.disk().ignoreForcedNames();
    }
    this.trouble = new Trouble(world, random.split(), trace);
    this.machine = new Machine(world, random.split(), swarm, trace);
  }

  /** Takes so many steps, then lets everything come to rest. Throws {@link Violation}. */
  void run(int steps) {
    trace.outcome(swarm.toString());
    try {
      machine.start();
      for (int i = FIRST_METERS; i > 0; i--) {
        addMeter();
      }
      for (int i = 0; i < steps; i++) {
        step();
        check();
      }
      settle();
    } finally {
      machine.end();
    }
  }

  private void step() {
    world.clock().advance(random.nextInt(1_500));
    int running = machine.node() == null ? 0 : 1;
    int[] weights = {
      20,
      22,
      4,
      24 * running,
      10 * running,
      8 * running,
      1,
      machine.isHealthy() ? 0 : 12,
      swarm.diskFaults(),
      swarm.fullDisks(),
      swarm.storeFaults(),
      swarm.crashes() * running,
      swarm.clockJumps(),
      swarm.meterChanges() * running,
      machine.hasZombies() ? 4 : 0,
      world.store().transactionsUnderWay() == 0 ? 0 : 3,
      4 * running,
      swarm.corrections()
    };
    switch (Chance.weighted(random, weights)) {
      case 0 -> send();
      case 1 -> deliver();
      case 2 -> sendAgain();
      case 3 -> machine.turn();
      case 4 -> machine.fold();
      case 5 -> machine.flush();
      case 6 -> trouble.writeBack();
      case 7 -> machine.restart();
      case 8 -> trouble.failDisk();
      case 9 -> trouble.fillDisk();
      case 10 -> trouble.failStore();
      case 11 -> machine.crash();
      case 12 -> trouble.jump();
      case 13 -> changeMeters();
      case 14 -> machine.wakeZombie();
      case 15 -> trouble.finishTransaction();
      case 16 -> machine.seal();
      default -> correct();
    }
  }

  private boolean isLost() {
    return !calm && random.nextInt(100) < swarm.lossPercent();
  }

  private void send() {
    SimulatedRequest request = clients.send();
    if (request != null) {
      trace.step("a client sends " + request + " of " + request.events());
    }
  }

  private void correct() {
    SimulatedRequest request = clients.correct();
    if (request != null) {
      trace.step("a client sends " + request + " of " + request.events());
    }
  }

  private void sendAgain() {
    SimulatedRequest request = clients.sendAgain();
    if (request != null) {
      trace.step("a client sends " + request + " again");
    }
  }

  private void deliver() {
    SimulatedRequest request = clients.deliver();
    if (request == null) {
      return;
    }
    if (machine.node() == null || isLost()) {
      trace.step(request + " is lost");
      return;
    }
    if (isLost()) {
      clients.repeat(request);
    }
    trace.step(request + " arrives");
    machine.inProcess(() -> {
      if (request.correction() == null) {
        machine
            .node()
            .take(
                request,
                (answer, failure) ->
                    answered(request, answer == null ? null : answer.counts(), failure));
      } else {
        machine.node().correct(request, (outcome, failure) -> answered(request, outcome, failure));
      }
    });
  }

  private void answered(SimulatedRequest request, Object answer, Throwable failure) {
    if (answer == null) {
      trace.outcome(request + " is refused: " + failure.getMessage());
      return;
    }
    boolean lost = isLost();
    trace.outcome(request + " is answered " + answer + (lost ? ", which is lost" : ""));
    if (!lost) {
      request.answer();
    }
  }

  private void changeMeters() {
    if (random.nextBoolean()) {
      addMeter();
      return;
    }
    Meter meter = meters.remove();
    if (meter != null) {
      trace.step("meter " + meter.key() + " is deleted");
      machine.inProcess(() -> {
        trace.outcome("flushed " + machine.node().ingest().flushed());
        machine.node().aggregator().deleteMeter(meter);
      });
    }
  }

  private void addMeter() {
    Meter meter = machine.node() == null ? null : meters.add();
    if (meter != null) {
      trace.step("meter " + meter.key() + " is added");
      machine.inProcess(() -> machine.node().aggregator().addMeter(meter));
    }
  }

  private void check() {
    if (world.store().version() == checkedVersion) {
      return;
    }
    checkedVersion = world.store().version();
    UsageOracle.check(world.store(), world.oracle());
    if (machine.node() != null) {
      Violation.check(
          world.store().position().reaches(machine.node().aggregator().committed()),
          "visible is said to be {}, but the store is at {}",
          machine.node().aggregator().committed(),
          world.store().position());
    }
  }

  /** All trouble ends; then everything must be answered, be visible, and be right. */
  private void settle() {
    trace.step("all trouble ends");
    calm = true;
    trouble.end();
    machine.buryZombies();
    for (int round = 0; !isSettled(); round++) {
      Violation.check(round < ROUNDS_MAX, "it does not come to rest: {}", clients.open());
      settleALittle();
      check();
    }
    Rebuilding.check(world, machine.node());
    machine.restart();
    Rebuilding.check(world, machine.node());
  }

  private boolean isSettled() {
    return machine.isHealthy()
        && clients.open().isEmpty()
        && machine.node().ingest().queuedRequests() == 0
        && machine.node().ingest().flushed().equals(world.store().position());
  }

  private void settleALittle() {
    if (!machine.isHealthy()) {
      machine.restart();
      return;
    }
    if (!clients.isAnythingSent()) {
      sendAgain();
    }
    deliver();
    machine.turnAll();
    machine.seal();
    machine.fold();
    machine.flush();
  }
}
