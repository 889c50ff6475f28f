package dev.weir.metering.aggregate;

import dev.weir.metering.event.EventRules;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.SimulatedLane;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;

/** The aggregator of production without its thread: it folds, writes and changes meters when told to. */
public final class SimulatedAggregator {

  private final SimulatedStore store;
  private final MeterCatalog catalog = new MeterCatalog();
  private final AggregatorSteps steps;
  private final Supplier<JournalPosition> flushed;
  private final Set<UUID> staleTenants = new HashSet<>();
  private Throwable failure;

  /**
   * Goes on where the store says.
   *
   * @param readable the last sequence of a lane that may be folded now
   * @param flushed what is on stable storage
   */
  public SimulatedAggregator(
      SimulatedStore store,
      Collection<SimulatedLane> lanes,
      IntToLongFunction readable,
      Supplier<JournalPosition> flushed) {
    this.store = store;
    this.flushed = flushed;
    this.steps = new AggregatorSteps(
        new SimulatedSink(store, new JournalScan(lanes)), new WindowFold(catalog), readable);
    List<Integer> numbers = new ArrayList<>();
    lanes.forEach(lane -> numbers.add(lane.number()));
    store.addLanes(numbers);
    Map<Integer, WindowStore.LanePosition> positions = store.positions();
    for (SimulatedLane lane : lanes) {
      steps.addLane(lane.number(), lane.reader(), positions.get(lane.number()));
    }
    catalog.replaceAll(store.active());
  }

  /** Whether a failure of the store, and not of the journal, is why this could not start. */
  public static boolean isAway(RuntimeException failure) {
    return failure instanceof SimulatedStore.Away;
  }

  public EventRules rules(UUID tenantId) {
    return catalog.rules(tenantId);
  }

  /** Folds what is readable; gives whether this aggregator still works. */
  public boolean fold() {
    return attempt(() -> {
      if (staleTenants.isEmpty()) {
        steps.foldAvailable();
      }
    });
  }

  /** Writes what is folded; gives whether this aggregator still works. */
  public boolean flush() {
    return attempt(() -> {
      if (reloadStaleTenants()) {
        steps.flush();
      }
    });
  }

  public void addMeter(Meter meter) {
    change(meter.tenantId(), () -> store.addMeter(new ActiveMeter(meter, flushed.get(), null)));
  }

  public void deleteMeter(Meter meter) {
    change(meter.tenantId(), () -> store.deleteMeter(meter.id(), flushed.get()));
  }

  /** As the aggregator of production changes meters: between two frames, whatever comes of it. */
  private void change(UUID tenantId, Runnable work) {
    attempt(() -> {
      if (!steps.flush()) {
        return;
      }
      staleTenants.add(tenantId);
      try {
        work.run();
      } catch (SimulatedStore.Away e) {
        // The caller is told; whether it was done is unknown.
      } finally {
        reloadStaleTenants();
      }
    });
  }

  private boolean reloadStaleTenants() {
    for (UUID tenantId : List.copyOf(staleTenants)) {
      try {
        catalog.replace(tenantId, store.active(tenantId));
        staleTenants.remove(tenantId);
        steps.noteBack();
      } catch (SimulatedStore.Away e) {
        steps.noteAway(e);
        return false;
      }
    }
    return true;
  }

  private boolean attempt(Runnable work) {
    if (failure != null) {
      return false;
    }
    try {
      work.run();
      return true;
    } catch (WindowSink.FenceLost | JournalCorrupt | java.io.UncheckedIOException e) {
      failure = e;
      return false;
    }
  }

  /** Why this has stopped for good; null while it works. */
  public Throwable failure() {
    return failure;
  }

  /** Whether it stopped because another one had moved the positions. */
  public boolean hasLostFence() {
    return failure instanceof WindowSink.FenceLost;
  }

  /** What this aggregator says to be in the store. */
  public JournalPosition committed() {
    return steps.committed();
  }

  public void close() {
    steps.close();
  }
}
