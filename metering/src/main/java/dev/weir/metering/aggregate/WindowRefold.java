package dev.weir.metering.aggregate;

import dev.weir.metering.event.DataScan;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.event.TextCache;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.usage.Grain;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What windows of MIN, MAX and LATEST meters come to, folded anew from all their events: those that no
 * void took back. Confined to one thread, for one use.
 */
final class WindowRefold implements WindowEvents.Visitor {

  /** One is made for every flush, and few flushes have voids. */
  private static final int TEXTS = 256;

  /** What tells one event from another, though replacements share the identity. */
  private record Live(ByteBuffer identity, long timeNanos, BigDecimal value) {}

  private static final class Window {
    private final CompiledMeter meter;
    private final WindowKey key;
    private final Map<Live, Long> counts = new HashMap<>();

    Window(CompiledMeter meter, WindowKey key) {
      this.meter = meter;
      this.key = key;
    }
  }

  private final Map<WindowEvents.Place, List<Window>> windows = new HashMap<>();
  private final DataScan scan = new DataScan(new TextCache(TEXTS));

  private WindowRefold() {}

  /**
   * The new content of every window in the fold that needs one: of its minute, or of its whole hour where
   * minutes are no longer kept.
   *
   * @param minutesFrom the first minute that is kept
   */
  static Map<WindowKey, WindowDelta> of(
      Iterable<WindowFold.SeriesDelta> fold,
      long minutesFrom,
      WindowEvents events,
      JournalPosition upTo) {
    WindowRefold refold = new WindowRefold();
    for (WindowFold.SeriesDelta series : fold) {
      Set<WindowKey> keys = new HashSet<>();
      series.byMinute().forEach((minute, delta) -> {
        if (delta.needsRefold()) {
          Grain grain = minute < minutesFrom ? Grain.HOUR : Grain.MINUTE;
          keys.add(new WindowKey(series.key(), grain, grain.start(minute)));
        }
      });
      keys.forEach(key -> refold.add(series.meter(), key));
    }
    if (!refold.windows.isEmpty()) {
      events.visit(refold.windows.keySet(), upTo, refold);
    }
    return refold.deltas();
  }

  private void add(CompiledMeter meter, WindowKey key) {
    windows
        .computeIfAbsent(
            place(
                meter.meter().tenantId(),
                meter.meter().eventType(),
                key.series().subject(),
                key.grain(),
                key.minute()),
            place -> new ArrayList<>())
        .add(new Window(meter, key));
  }

  private static WindowEvents.Place place(
      UUID tenantId, String type, String subject, Grain grain, long minute) {
    return new WindowEvents.Place(
        tenantId,
        type,
        subject,
        minute * EventTime.NANOS_PER_MINUTE,
        (minute + grain.minutes()) * EventTime.NANOS_PER_MINUTE);
  }

  @Override
  public void record(int lane, Frame.RecordView event) {
    if (event.isConflict()) {
      return;
    }
    long minute = EventTime.epochMinute(event.timeNanos());
    for (Grain grain : List.of(Grain.MINUTE, Grain.HOUR)) {
      List<Window> here = windows.get(
          place(event.tenantId(), event.type(), event.subject(), grain, grain.start(minute)));
      if (here != null) {
        here.forEach(window -> add(window, lane, event));
      }
    }
  }

  private void add(Window window, int lane, Frame.RecordView event) {
    CompiledMeter meter = window.meter;
    if (!meter.counts(lane, event)) {
      return;
    }
    Scalars scalars = scan.scan(event.bytes(), event.dataFrom(), event.dataLength(), meter.paths());
    if (!meter.matches(scalars)
        || !meter.canUse(scalars)
        || !meter.groups(scalars).equals(window.key.series().groups())) {
      return;
    }
    BigDecimal value = scalars.decimal(meter.valueSlot());
    if (value != null) {
      byte[] identity = Arrays.copyOfRange(
          event.bytes(), event.identityFrom(), event.identityFrom() + event.identityLength());
      window.counts.merge(
          new Live(ByteBuffer.wrap(identity), event.timeNanos(), value.stripTrailingZeros()),
          event.isVoid() ? -1L : 1L,
          Long::sum);
    }
  }

  private Map<WindowKey, WindowDelta> deltas() {
    Map<WindowKey, WindowDelta> deltas = new HashMap<>();
    windows
        .values()
        .forEach(here -> here.forEach(window -> {
          WindowDelta delta = new WindowDelta();
          Aggregation aggregation = window.meter.meter().aggregation();
          window.counts.forEach((event, count) -> {
            for (long i = 0; i < count; i++) {
              addTo(delta, aggregation, event);
            }
          });
          deltas.put(window.key, delta);
        }));
    return deltas;
  }

  private static void addTo(WindowDelta delta, Aggregation aggregation, Live event) {
    if (aggregation == Aggregation.LATEST) {
      byte[] identity = event.identity().array();
      delta.addLatest(event.value(), event.timeNanos(), identity, 0, identity.length);
    } else {
      delta.addExtreme(aggregation, event.value());
    }
  }
}
