package dev.weir.metering.aggregate;

import dev.weir.metering.database.Database;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.rollup.WindowMonths;
import java.time.InstantSource;
import java.util.List;

/** Folds frames of lane 0 by some meters and flushes them, as the aggregator does. Blocks. */
public final class LaneFlush {

  private final WindowFold fold;
  private final WindowFlush flush;
  private long folded;
  private long flushed;

  public LaneFlush(
      Database database, List<Meter> meters, WindowEvents events, InstantSource clock) {
    MeterCatalog catalog = new MeterCatalog();
    catalog.replaceAll(meters.stream()
        .map(meter -> new ActiveMeter(meter, JournalPosition.START, null))
        .toList());
    fold = new WindowFold(catalog);
    flush = new WindowFlush(database, events, new WindowMonths(database, clock));
    flushed = flush.addLanes(List.of(0)).get(0).sequence();
    folded = flushed;
  }

  public void fold(byte[] bytes) {
    Frame frame = Frames.load(bytes);
    fold.fold(frame);
    folded = frame.lastSequence();
  }

  /** Writes what was folded since the last time. */
  public void write() {
    if (folded > flushed) {
      flush.write(List.of(new WindowStore.Advance(0, flushed, folded, 1)), fold);
      fold.clear();
      flushed = folded;
    }
  }

  /** Up to where the lane is written. */
  public long flushed() {
    return flushed;
  }
}
