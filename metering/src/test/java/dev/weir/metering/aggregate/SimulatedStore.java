package dev.weir.metering.aggregate;

import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The database in memory: lane positions, windows, conflicts and meters, each call one transaction, and
 * the one fault that comes next. One thread.
 */
public final class SimulatedStore {

  private final StoreBug bug;
  private final Map<Integer, WindowStore.LanePosition> positions = new TreeMap<>();
  private final Map<StoredKey, StoredWindow> windows = new HashMap<>();
  private final Map<JournalPosition, WindowFold.Conflict> conflicts = new HashMap<>();
  private final Map<UUID, ActiveMeter> meters = new TreeMap<>();

  /** Transactions whose callers have given up. */
  private final List<Transaction> underWay = new ArrayList<>();

  private int callsToFault = -1;
  private StoreFault fault = StoreFault.NOTHING_DONE;
  private int version;
  private int faults;

  public SimulatedStore(StoreBug bug) {
    this.bug = bug;
  }

  private record Transaction(Runnable change, boolean locksMeters) {}

  /** The connection to the database failed. */
  static final class Away extends RuntimeException {
    Away() {
      super("simulated failure of the database", null, false, false);
    }
  }

  /** Lets a later call fail; replaces what was to come. */
  public void failLater(int calls, StoreFault kind) {
    callsToFault = calls;
    fault = kind;
  }

  public void heal() {
    callsToFault = -1;
  }

  public int faults() {
    return faults;
  }

  /** Rises with every change of anything in the store. */
  public int version() {
    return version;
  }

  public int transactionsUnderWay() {
    return underWay.size();
  }

  /**
   * Lets a transaction end whose caller has given up.
   *
   * @param committed whether it takes effect
   */
  public void finish(int transaction, boolean committed) {
    Transaction late = underWay.remove(transaction);
    try {
      if (committed) {
        late.change().run();
      }
    } catch (WindowSink.FenceLost e) {
      // Rolled back; nobody waits for the answer.
    }
  }

  private void transaction(Runnable change) {
    transaction(change, false);
  }

  private void transaction(Runnable change, boolean locksMeters) {
    if (callsToFault < 0 || callsToFault-- > 0) {
      if (locksMeters && bug != StoreBug.METERS_NOT_LOCKED) {
        awaitMeterChanges();
      }
      change.run();
      return;
    }
    faults++;
    switch (fault) {
      case NOTHING_DONE -> {}
      case ANSWER_LOST -> change.run();
      case UNDER_WAY -> underWay.add(new Transaction(change, locksMeters));
    }
    throw new Away();
  }

  /** Who locks the meters waits for those who have. */
  private void awaitMeterChanges() {
    for (int i = underWay.size() - 1; i >= 0; i--) {
      if (underWay.get(i).locksMeters()) {
        finish(i, (version & 1) == 0);
      }
    }
  }

  Map<Integer, WindowStore.LanePosition> positions() {
    transaction(() -> {});
    return new TreeMap<>(positions);
  }

  void addLanes(Collection<Integer> lanes) {
    transaction(() -> lanes.forEach(
        lane -> positions.putIfAbsent(lane, new WindowStore.LanePosition(lane, 0, 0))));
  }

  void write(
      List<WindowStore.Advance> advances,
      List<SimulatedSink.Row> rows,
      List<WindowFold.Conflict> found) {
    if (bug == StoreBug.POSITIONS_APART) {
      transaction(() -> add(rows, found));
      transaction(() -> advance(advances));
    } else {
      transaction(() -> {
        advance(advances);
        add(rows, found);
      });
    }
  }

  private void advance(List<WindowStore.Advance> advances) {
    boolean moved = true;
    for (WindowStore.Advance step : advances) {
      WindowStore.LanePosition position = positions.get(step.lane());
      moved &= position != null && position.sequence() == step.fromSequence();
    }
    if (!moved && bug != StoreBug.NO_FENCE) {
      throw new WindowSink.FenceLost();
    }
    version++;
    for (WindowStore.Advance step : advances) {
      positions.put(
          step.lane(),
          new WindowStore.LanePosition(step.lane(), step.toSequence(), step.frameLocation()));
    }
  }

  private void add(List<SimulatedSink.Row> rows, List<WindowFold.Conflict> found) {
    version++;
    for (SimulatedSink.Row row : rows) {
      boolean replaces = row.replaces() && bug != StoreBug.REFOLDS_ADDED;
      StoredWindow before = replaces ? null : windows.get(row.key());
      StoredWindow after = before == null
          ? row.delta()
          : before.plus(row.delta(), bug == StoreBug.LATEST_BY_ARRIVAL);
      if (after.isEmpty()) {
        windows.remove(row.key());
      } else {
        windows.put(row.key(), after);
      }
    }
    for (WindowFold.Conflict conflict : found) {
      JournalPosition place =
          new JournalPosition(new TreeMap<>(Map.of(conflict.lane(), conflict.sequence())));
      conflicts.putIfAbsent(place, conflict);
    }
  }

  /** An empty store that knows the same meters. */
  public SimulatedStore emptied() {
    SimulatedStore empty = new SimulatedStore(bug);
    empty.meters.putAll(meters);
    return empty;
  }

  void addMeter(ActiveMeter meter) {
    transaction(
        () -> {
          version++;
          meters.put(meter.meter().id(), meter);
        },
        true);
  }

  void deleteMeter(UUID meterId, JournalPosition activeTo) {
    transaction(
        () -> {
          version++;
          meters.computeIfPresent(
              meterId,
              (id, meter) -> meter.activeTo() != null
                  ? meter
                  : new ActiveMeter(meter.meter(), meter.activeFrom(), activeTo));
        },
        true);
  }

  List<ActiveMeter> active(UUID tenantId) {
    transaction(() -> {}, true);
    return meters.values().stream()
        .filter(active -> active.meter().tenantId().equals(tenantId))
        .toList();
  }

  List<ActiveMeter> active() {
    transaction(() -> {}, true);
    return List.copyOf(meters.values());
  }

  /** All meters that there ever were, without a call. */
  public Collection<ActiveMeter> meters() {
    return Collections.unmodifiableCollection(meters.values());
  }

  /** How far each lane has been aggregated, without a call. */
  public JournalPosition position() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    positions.values().forEach(lane -> sequences.put(lane.lane(), lane.sequence()));
    sequences.values().removeIf(sequence -> sequence == 0);
    return new JournalPosition(sequences);
  }

  public Map<StoredKey, StoredWindow> windows() {
    return Collections.unmodifiableMap(windows);
  }

  /** The places of the conflicts that are kept for inspection. */
  public Collection<JournalPosition> conflicts() {
    return Collections.unmodifiableSet(conflicts.keySet());
  }
}
