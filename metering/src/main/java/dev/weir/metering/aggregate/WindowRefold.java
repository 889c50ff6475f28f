package dev.weir.metering.aggregate;

import com.fasterxml.jackson.core.JsonParser;
import dev.weir.metering.event.DataWalk;
import dev.weir.metering.event.EventJson;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.Aggregation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What windows of MIN, MAX and LATEST meters come to, folded anew from all their events: those that no
 * void took back. Confined to one thread, for one use.
 */
final class WindowRefold implements WindowEvents.Visitor {

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
  private final DataWalk walk = new DataWalk();

  private WindowRefold() {}

  /** The new content of every window in the fold that needs one. */
  static Map<WindowKey, WindowDelta> of(
      Iterable<WindowFold.SeriesDelta> fold, WindowEvents events, JournalPosition upTo) {
    WindowRefold refold = new WindowRefold();
    for (WindowFold.SeriesDelta series : fold) {
      series.byMinute().forEach((minute, delta) -> {
        if (delta.needsRefold()) {
          refold.add(series.meter(), new WindowKey(series.key(), minute));
        }
      });
    }
    if (!refold.windows.isEmpty()) {
      events.visit(refold.windows.keySet(), upTo, refold);
    }
    return refold.deltas();
  }

  private void add(CompiledMeter meter, WindowKey key) {
    long from = key.minute() * EventTime.NANOS_PER_MINUTE;
    windows
        .computeIfAbsent(
            new WindowEvents.Place(
                meter.meter().tenantId(),
                meter.meter().eventType(),
                key.series().subject(),
                from,
                from + EventTime.NANOS_PER_MINUTE),
            place -> new ArrayList<>())
        .add(new Window(meter, key));
  }

  @Override
  public void record(int lane, Frame.RecordView event) {
    if (event.isConflict()) {
      return;
    }
    long from = EventTime.epochMinute(event.timeNanos()) * EventTime.NANOS_PER_MINUTE;
    List<Window> here = windows.get(new WindowEvents.Place(
        event.tenantId(), event.type(), event.subject(), from, from + EventTime.NANOS_PER_MINUTE));
    if (here != null) {
      here.forEach(window -> add(window, lane, event));
    }
  }

  private void add(Window window, int lane, Frame.RecordView event) {
    CompiledMeter meter = window.meter;
    if (!meter.counts(lane, event)) {
      return;
    }
    Scalars scalars = read(meter, event);
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

  private Scalars read(CompiledMeter meter, Frame.RecordView event) {
    if (event.dataLength() == 0) {
      walk.scalars().reset(meter.paths().size());
      return walk.scalars();
    }
    try (JsonParser parser =
        EventJson.FACTORY.createParser(event.bytes(), event.dataFrom(), event.dataLength())) {
      parser.nextToken();
      walk.walk(parser, meter.paths());
      return walk.scalars();
    } catch (IOException e) {
      throw new UncheckedIOException("journaled data does not parse", e);
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
