package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.SimulatedAggregator;
import dev.weir.metering.aggregate.SimulatedStore;
import dev.weir.metering.aggregate.StoredKey;
import dev.weir.metering.aggregate.StoredWindow;
import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.event.EventTime;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is derived can be thrown away: rebuilt from the journal it is the same, to the last digit. */
final class Rebuilding {

  private Rebuilding() {}

  /** Everything is at rest: usage must add up, and be what a rebuild makes of the journal. */
  static void check(SimulatedNode.World world, SimulatedNode node) {
    UsageOracle.check(world.store(), world.oracle());
    SimulatedStore rebuilt = world.store().emptied();
    SimulatedAggregator aggregator = new SimulatedAggregator(
        rebuilt, node.lanes(), lane -> node.ingest().flushed(lane), node.ingest()::flushed);
    // A void waits until another lane has come to what it takes back: once for each record at most.
    for (int waits = world.oracle().records(); waits > 0 && !isComplete(rebuilt, node); waits--) {
      Violation.check(
          aggregator.fold() && aggregator.flush(), "a rebuild fails: {}", aggregator.failure());
    }
    Violation.check(isComplete(rebuilt, node), "a rebuild stops at {}", rebuilt.position());
    Map<StoredKey, StoredWindow> windows = rebuilt.windows();
    world
        .store()
        .windows()
        .forEach((key, window) -> Violation.check(
            window.equals(windows.get(key)),
            "{} is {}, rebuilt {}",
            key,
            window,
            windows.get(key)));
    Violation.check(
        windows.size() == world.store().windows().size()
            && Set.copyOf(rebuilt.conflicts()).equals(Set.copyOf(world.store().conflicts())),
        "a rebuild gives more than there was");
    aggregator.close();
  }

  private static boolean isComplete(SimulatedStore rebuilt, SimulatedNode node) {
    return rebuilt.position().equals(node.ingest().flushed());
  }

  /** After a start the index knows what the journal holds of the horizon, and nothing else. */
  static void checkIdentities(SimulatedNode.World world, SimulatedNode node) {
    long now = world.clock().millis() / 1_000;
    Set<Identity> within = new HashSet<>();
    for (Journaled first : world.oracle().firsts()) {
      long received = first.receivedNanos() / EventTime.NANOS_PER_SECOND;
      if (received >= now - world.oracle().horizonSeconds()) {
        within.add(first.event().identity());
      }
    }
    long held = node.ingest().identities();
    long all = world.oracle().firsts().size();
    Violation.check(
        held >= within.size() && held <= all,
        "the index holds {} identities of {} to {}",
        held,
        within.size(),
        all);
    for (Journaled first : world.oracle().firsts()) {
      if (within.contains(first.event().identity())) {
        IdentityIndex.Answer answer =
            node.ingest().look(first.high(), first.low(), first.payloadHash(), now);
        Violation.check(
            answer == IdentityIndex.Answer.DUPLICATE
                || (answer == IdentityIndex.Answer.CONFLICT && world.oracle().isSucceeded(first)),
            "the index says {} of {}",
            answer,
            first);
      }
    }
  }
}
