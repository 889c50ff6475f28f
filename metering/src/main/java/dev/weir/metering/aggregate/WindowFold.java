package dev.weir.metering.aggregate;

import com.fasterxml.jackson.core.JsonParser;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.event.DataWalk;
import dev.weir.metering.event.EventJson;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.meter.Aggregation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Folds frames into window deltas, by the meters of a catalogue; what a void carries is taken back. A
 * pure function of frames and catalogue: no clock, no I/O. Confined to one thread.
 */
final class WindowFold {

  private static final int CONFLICT_BYTES_A_ROW = 512;

  private final MeterCatalog catalog;
  private final Map<SeriesKey, SeriesDelta> series = new HashMap<>();
  private final List<Conflict> conflicts = new ArrayList<>();
  private final TextCache texts = new TextCache();
  private final DataWalk walk = new DataWalk();
  private final IdentityHash valueHash = new IdentityHash();
  private int rows;
  private long events;
  private long counted;
  private long skipped;
  private int refolds;

  private @Nullable JsonParser parser;
  private int parserGroup = -1;
  private int lane;

  /** What one series gained. */
  static final class SeriesDelta {
    private final SeriesKey key;
    private final CompiledMeter meter;
    private final Map<Long, WindowDelta> byMinute = new HashMap<>();

    SeriesDelta(SeriesKey key, CompiledMeter meter) {
      this.key = key;
      this.meter = meter;
    }

    SeriesKey key() {
      return key;
    }

    CompiledMeter meter() {
      return meter;
    }

    /** Deltas by epoch minute. */
    Map<Long, WindowDelta> byMinute() {
      return byMinute;
    }
  }

  /** An event that arrived with a known identity and another payload. */
  record Conflict(
      int lane,
      long sequence,
      UUID tenantId,
      String source,
      String id,
      String type,
      String subject,
      long timeNanos,
      long receivedNanos,
      String data) {}

  WindowFold(MeterCatalog catalog) {
    this.catalog = catalog;
  }

  /** Folds a whole frame. */
  void fold(Frame frame) {
    lane = frame.lane();
    parserGroup = -1;
    frame.forEach(this::fold);
  }

  /**
   * Folds what one tenant's meters count of one type in a frame, and leaves all else unread.
   *
   * @param type the UTF-8 bytes of the event type
   */
  void fold(Frame frame, UUID tenantId, byte[] type) {
    lane = frame.lane();
    parserGroup = -1;
    frame.forEachOf(tenantId, event -> {
      boolean counts = !event.isConflict()
          && Arrays.equals(
              event.bytes(),
              event.typeFrom(),
              event.typeFrom() + event.typeLength(),
              type,
              0,
              type.length);
      if (counts) {
        fold(event);
      } else {
        skipData(event);
      }
    });
  }

  private void fold(Frame.RecordView event) {
    if (event.isConflict()) {
      skipData(event);
      rows += 1 + event.dataLength() / CONFLICT_BYTES_A_ROW;
      conflicts.add(new Conflict(
          lane,
          event.sequence(),
          event.tenantId(),
          event.source(),
          event.id(),
          event.type(),
          event.subject(),
          event.timeNanos(),
          event.receivedNanos(),
          event.data()));
      return;
    }
    events++;
    String type = texts.get(event.bytes(), event.typeFrom(), event.typeLength());
    TypeProgram program = catalog.meters(event.tenantId()).program(type);
    if (program == null) {
      skipData(event);
      return;
    }
    Scalars scalars = read(event, program.paths());
    for (CompiledMeter meter : program.meters()) {
      if (meter.counts(lane, event) && meter.matches(scalars)) {
        add(meter, event, scalars);
      }
    }
  }

  /** One parser reads the data documents of a whole request, one after the other. */
  private Scalars read(Frame.RecordView event, PathTree paths) {
    if (event.dataLength() == 0) {
      walk.scalars().reset(paths.size());
      return walk.scalars();
    }
    try {
      JsonParser documents = parserOf(event);
      documents.nextToken();
      walk.walk(documents, paths);
      return walk.scalars();
    } catch (IOException e) {
      throw new UncheckedIOException("journaled data does not parse", e);
    }
  }

  private void skipData(Frame.RecordView event) {
    if (event.dataLength() == 0) {
      return;
    }
    try {
      JsonParser documents = parserOf(event);
      documents.nextToken();
      documents.skipChildren();
    } catch (IOException e) {
      throw new UncheckedIOException("journaled data does not parse", e);
    }
  }

  private JsonParser parserOf(Frame.RecordView event) throws IOException {
    JsonParser current = parser;
    if (current == null || parserGroup != event.groupDataFrom()) {
      current = EventJson.FACTORY.createParser(
          event.bytes(), event.groupDataFrom(), event.groupDataLength());
      parser = current;
      parserGroup = event.groupDataFrom();
    }
    return current;
  }

  private void add(CompiledMeter meter, Frame.RecordView event, Scalars scalars) {
    int slot = meter.valueSlot();
    BigDecimal decimal = null;
    if (!meter.canUse(scalars)) {
      skipped += event.isVoid() ? 0 : 1;
      return;
    }
    if (meter.meter().aggregation().takesDecimal() && !scalars.isInteger(slot)) {
      decimal = scalars.decimal(slot);
      if (decimal == null) {
        // Taken before this meter existed, or raced its creation: it has no value for the meter.
        skipped += event.isVoid() ? 0 : 1;
        return;
      }
    }
    long countsFrom = meter.countsFromNanos(event.timeNanos());
    long minute = EventTime.epochMinute(countsFrom);
    WindowDelta window = window(meter, event, scalars, minute);
    int sign = event.isVoid() ? -1 : 1;
    counted += sign;
    switch (meter.meter().aggregation()) {
      case COUNT -> window.count(sign);
      case SUM, AVG -> {
        if (decimal == null) {
          window.addInteger(scalars.integer(slot), sign);
        } else {
          window.addDecimal(decimal, sign);
        }
      }
      case MIN, MAX, LATEST -> addExtreme(window, meter, event, value(scalars, slot, decimal));
      case UNIQUE_COUNT -> rows += window.addUnique(hashOf(scalars.text(slot)), sign) ? 1 : 0;
      case WEIGHTED_SUM ->
        window.addChange(
            value(scalars, slot, decimal), countsFrom - minute * EventTime.NANOS_PER_MINUTE, sign);
      case PERCENTILE -> rows += window.addValue(value(scalars, slot, decimal), sign) ? 1 : 0;
    }
  }

  private void addExtreme(
      WindowDelta window, CompiledMeter meter, Frame.RecordView event, BigDecimal value) {
    if (event.isVoid()) {
      refolds += window.needsRefold() ? 0 : 1;
      window.refold();
    } else if (meter.meter().aggregation() == Aggregation.LATEST) {
      window.addLatest(
          value, event.timeNanos(), event.bytes(), event.identityFrom(), event.identityLength());
    } else {
      window.addExtreme(meter.meter().aggregation(), value);
    }
  }

  private static BigDecimal value(Scalars scalars, int slot, @Nullable BigDecimal decimal) {
    return decimal == null ? BigDecimal.valueOf(scalars.integer(slot)) : decimal;
  }

  private WindowDelta.ValueHash hashOf(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    valueHash.hash(0x756e697175652076L, 0x616c756573203132L, utf8, 0, utf8.length);
    return new WindowDelta.ValueHash(valueHash.high(), valueHash.low());
  }

  private WindowDelta window(
      CompiledMeter meter, Frame.RecordView event, Scalars scalars, Long minute) {
    String subject = texts.get(event.bytes(), event.subjectFrom(), event.subjectLength());
    SeriesKey key = new SeriesKey(meter.meter().usageId(), subject, meter.groups(scalars));
    SeriesDelta delta = series.get(key);
    if (delta == null) {
      delta = new SeriesDelta(key, meter);
      series.put(key, delta);
    }
    WindowDelta window = delta.byMinute.get(minute);
    if (window == null) {
      window = new WindowDelta();
      delta.byMinute.put(minute, window);
      rows++;
    }
    return window;
  }

  /**
   * Rows that a flush will write of what came since the last {@link #clear}: windows, distinct values
   * and conflicts, those by their size. The measure of what is held.
   */
  int rows() {
    return rows;
  }

  /** Events folded since the last clear. */
  long events() {
    return events;
  }

  /** Event and meter pairs that count, less those that were taken back, since the last clear. */
  long counted() {
    return counted;
  }

  /** Event and meter pairs without a usable value since the last clear. */
  long skipped() {
    return skipped;
  }

  /** Windows from which an extreme was taken back since the last clear. */
  int refolds() {
    return refolds;
  }

  boolean isEmpty() {
    return series.isEmpty() && conflicts.isEmpty();
  }

  Iterable<SeriesDelta> series() {
    return series.values();
  }

  List<Conflict> conflicts() {
    return conflicts;
  }

  /** Forgets everything, after it has been written. */
  void clear() {
    series.clear();
    conflicts.clear();
    rows = 0;
    events = 0;
    counted = 0;
    skipped = 0;
    refolds = 0;
  }
}
