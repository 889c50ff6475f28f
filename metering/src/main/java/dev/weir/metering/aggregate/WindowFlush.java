package dev.weir.metering.aggregate;

import dev.weir.metering.database.Awaiting;
import dev.weir.metering.database.Database;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.rollup.WindowMonths;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is folded and the lane positions in one transaction, and remembers the numbers of series.
 * Blocks on the database; belongs to the aggregator's thread.
 */
final class WindowFlush implements WindowSink {

  private static final Logger LOG = LoggerFactory.getLogger(WindowFlush.class);

  private final Database database;
  private final WindowEvents events;
  private final WindowStore store = new WindowStore();
  private final SeriesStore seriesStore = new SeriesStore();
  private final WindowWriter writer = new WindowWriter();
  private final WindowMonths months;
  private final SeriesCensus census = new SeriesCensus();

  WindowFlush(Database database, WindowEvents events, WindowMonths months) {
    this.database = database;
    this.events = events;
    this.months = months;
  }

  /** Makes sure that every lane has a position, and gives them all. */
  Map<Integer, WindowStore.LanePosition> addLanes(List<Integer> lanes) {
    return await(database.asEngine(connection ->
        store.addLanes(connection, lanes).compose(added -> store.positions(connection))));
  }

  @Override
  public Map<Integer, WindowStore.LanePosition> positions() {
    return await(database.asEngine(store::positions));
  }

  /** Meters seen with very many combinations of group values since the start. Any thread. */
  int crowdedMeters() {
    return census.crowdedMeters();
  }

  @Override
  public void write(List<WindowStore.Advance> advances, WindowFold fold) {
    fold.series().forEach(series -> months.prepare(series.byMinute().keySet()));
    Map<WindowKey, WindowDelta> refolded = fold.refolds() == 0
        ? Map.of()
        : WindowRefold.of(fold.series(), months.minutesFrom(), events, positionAfter(advances));
    List<WindowFold.SeriesDelta> unknown = writer.unknown(fold);
    SeriesStore.Numbers fresh = await(database.asEngine(connection -> store
        .advance(connection, advances)
        .compose(moved -> moved
            ? writer.write(connection, fold, unknown, refolded)
            : Future.failedFuture(new FenceLost()))));
    writer.remember(fresh);
    census.due(unknown, fresh.created()).forEach(this::countCombinations);
  }

  /** Where all lanes will stand; the fence holds this true until it is written. */
  private JournalPosition positionAfter(List<WindowStore.Advance> advances) {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    positions().values().forEach(p -> sequences.put(p.lane(), p.sequence()));
    advances.forEach(advance -> sequences.put(advance.lane(), advance.toSequence()));
    return new JournalPosition(sequences);
  }

  /** After the flush and apart from it: usage does not wait for this, nor fail with it. */
  private void countCombinations(Meter meter) {
    try {
      census.counted(
          meter,
          await(database.asEngine(connection -> seriesStore.combinations(
              connection, meter.usageId(), SeriesCensus.COMBINATIONS_MAX + 1))));
    } catch (RuntimeException e) {
      census.uncounted(meter);
      LOG.warn("cannot count the series of meter '{}': {}", meter.key(), e.toString());
    }
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.get(future, Awaiting.TIMEOUT_SECONDS);
  }
}
