package dev.weir.metering.aggregate;

import dev.weir.metering.journal.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@link WindowFlush} does, towards a {@link SimulatedStore}. */
final class SimulatedSink implements WindowSink {

  private final SimulatedStore store;
  private final WindowEvents events;

  SimulatedSink(SimulatedStore store, WindowEvents events) {
    this.store = store;
    this.events = events;
  }

  /**
   * A window to write.
   *
   * @param replaces whether it takes the place of what is stored
   */
  record Row(StoredKey key, StoredWindow delta, boolean replaces) {}

  @Override
  public Map<Integer, WindowStore.LanePosition> positions() {
    return store.positions();
  }

  @Override
  public void write(List<WindowStore.Advance> advances, WindowFold fold) {
    Map<WindowKey, WindowDelta> refolded = fold.refolds() == 0
        ? Map.of()
        : WindowRefold.of(fold.series(), Long.MIN_VALUE, events, positionAfter(advances));
    Map<SeriesKey, Long> ids = new HashMap<>();
    List<SeriesKey> keys = new ArrayList<>();
    for (WindowFold.SeriesDelta series : fold.series()) {
      ids.put(series.key(), (long) keys.size());
      keys.add(series.key());
    }
    FlushPlan plan = FlushPlan.of(fold.series(), ids, refolded);
    List<Row> rows = new ArrayList<>();
    add(plan.added(), keys, false, rows);
    add(plan.replaced(), keys, true, rows);
    store.write(List.copyOf(advances), rows, List.copyOf(fold.conflicts()));
  }

  private static void add(
      List<WindowRow> from, List<SeriesKey> keys, boolean replaces, List<Row> to) {
    for (WindowRow row : from) {
      SeriesKey key = keys.get((int) row.seriesId());
      to.add(new Row(
          new StoredKey(key.usageId(), key.subject(), key.groups(), row.minute()),
          StoredWindow.of(row.delta()),
          replaces));
    }
  }

  private JournalPosition positionAfter(List<WindowStore.Advance> advances) {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    positions().values().forEach(p -> sequences.put(p.lane(), p.sequence()));
    advances.forEach(advance -> sequences.put(advance.lane(), advance.toSequence()));
    return new JournalPosition(sequences);
  }
}
