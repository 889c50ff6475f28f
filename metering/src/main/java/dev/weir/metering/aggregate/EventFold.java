package dev.weir.metering.aggregate;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Folds chosen events for one meter, by the same code that folds the journal, into windows that can be
 * asked. Confined to one thread.
 */
public final class EventFold {

  private static final int EVENTS_A_FRAME = 1_000;

  /** Nobody looks these identities up. */
  private static final IdentityKey NO_KEY = new IdentityKey(0, 0);

  private final Meter meter;
  private final WindowFold fold;
  private final FrameWriter frames = new FrameWriter();
  private RecordWriter records;

  public EventFold(Meter meter) {
    this.meter = meter;
    MeterCatalog catalog = new MeterCatalog();
    catalog.replaceAll(List.of(new ActiveMeter(meter, JournalPosition.START, null)));
    fold = new WindowFold(catalog);
    records = new RecordWriter(meter.tenantId(), NO_KEY, 0);
  }

  /** Adds an event of the meter's tenant that counts: no conflict, no void, not voided. */
  public void add(JournaledEvent event) {
    records.add(new RecordWriter.Content(
        event.flags() & EventBatch.FLAG_TIME_GIVEN,
        event.timeNanos(),
        event.payloadHash(),
        event.source(),
        event.id(),
        event.type(),
        event.subject(),
        "",
        event.data()));
    if (records.batch().count() == EVENTS_A_FRAME) {
      foldRecords();
    }
  }

  private void foldRecords() {
    EventBatch batch = records.batch();
    if (batch.count() == 0) {
      return;
    }
    frames.begin(0, 1);
    frames.beginGroup(batch.tenantId(), batch.receivedNanos());
    for (int i = 0; i < batch.count(); i++) {
      frames.add(batch, i, false);
    }
    frames.endGroup();
    frames.end();
    fold.fold(Frame.of(frames));
    records = new RecordWriter(meter.tenantId(), NO_KEY, 0);
  }

  /** Windows and distinct values held: the measure of memory. */
  public int rows() {
    return fold.rows();
  }

  /** One window for each series and minute that has events. */
  public List<UsageWindow> windows() {
    foldRecords();
    List<UsageWindow> windows = new ArrayList<>();
    fold.series()
        .forEach(series -> series
            .byMinute()
            .forEach((minute, delta) -> windows.add(window(series, minute, delta))));
    return windows;
  }

  private UsageWindow window(WindowFold.SeriesDelta series, long minute, WindowDelta delta) {
    TreeMap<String, String> groups = new TreeMap<>();
    int i = 0;
    for (String name : meter.groupBy().keySet()) {
      groups.put(name, series.key().groups().get(i++));
    }
    Map<UUID, Long> uniques = new HashMap<>();
    delta.uniques().forEach((hash, count) -> uniques.put(new UUID(hash.high(), hash.low()), count));
    return new UsageWindow(
        series.key().subject(),
        groups,
        minute,
        delta.events(),
        delta.sum(),
        delta.moment(),
        delta.min(),
        delta.max(),
        delta.latest(),
        delta.latestNanos(),
        delta.latestIdentity(),
        uniques,
        delta.values(),
        delta.operations());
  }
}
