package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.StoreFault;
import dev.weir.metering.simulation.disk.DiskFault;
import java.util.SplittableRandom;

/** What befalls the disk, the database and the clock. */
final class Trouble {

  private final SimulatedNode.World world;
  private final SplittableRandom random;
  private final Trace trace;

  Trouble(SimulatedNode.World world, SplittableRandom random, Trace trace) {
    this.world = world;
    this.random = random;
    this.trace = trace;
  }

  void failDisk() {
    DiskFault fault = Chance.any(random, DiskFault.values());
    int operations = random.nextInt(12);
    trace.step("the disk will have " + fault + " in " + operations + " operations");
    world.disk().failLater(operations, fault);
  }

  void fillDisk() {
    boolean full = !world.disk().isFull();
    trace.step(full ? "the disk is full" : "there is room on the disk");
    world.disk().setFull(full);
  }

  void writeBack() {
    trace.step("the kernel writes back");
    world.disk().writeBackSome();
  }

  void failStore() {
    StoreFault fault = Chance.any(random, StoreFault.values());
    int calls = random.nextInt(4);
    trace.step("the store will have " + fault + " in " + calls + " calls");
    world.store().failLater(calls, fault);
  }

  void finishTransaction() {
    boolean committed = random.nextInt(4) > 0;
    trace.step("a transaction is " + (committed ? "committed" : "rolled back") + " late");
    world.store().finish(random.nextInt(world.store().transactionsUnderWay()), committed);
  }

  void jump() {
    long seconds = switch (random.nextInt(6)) {
      case 0 -> -random.nextLong(7_200);
      case 1 -> -random.nextLong(120);
      case 2 -> random.nextLong(3_600 * 50);
      default -> random.nextLong(3_600);
    };
    trace.step("the clock jumps by " + seconds + " s");
    world.clock().advance(seconds * 1_000);
  }

  /** All of it ends. */
  void end() {
    world.disk().heal();
    world.store().heal();
    while (world.store().transactionsUnderWay() > 0) {
      finishTransaction();
    }
  }
}
