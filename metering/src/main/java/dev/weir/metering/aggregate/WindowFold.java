package dev.weir.metering.aggregate;

import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.event.DataScan;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.event.TextCache;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.usage.KeyOperation;
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
  private final SeriesTable series = new SeriesTable();
  private final List<Conflict> conflicts = new ArrayList<>();
  private final TextCache texts = new TextCache();
  private final DataScan scan = new DataScan(texts);
  private final IdentityHash valueHash = new IdentityHash();
  private int rows;
  private long events;
  private long counted;
  private long skipped;
  private int refolds;

  private int lane;

  /** Whose events of which type were met last in this frame, and what counts them. */
  private @Nullable UUID lastTenant;

  private byte[] lastType = new byte[0];
  private @Nullable TypeProgram lastProgram;

  /** What one series gained. */
  static final class SeriesDelta {
    private final SeriesKey key;
    private final CompiledMeter meter;
    private final int hash;
    private final Map<Long, WindowDelta> byMinute = new HashMap<>();

    /** The window that was found last: most events belong to it too. */
    private @Nullable WindowDelta last;

    private long lastMinute;

    SeriesDelta(SeriesKey key, CompiledMeter meter, int hash) {
      this.key = key;
      this.meter = meter;
      this.hash = hash;
    }

    SeriesKey key() {
      return key;
    }

    CompiledMeter meter() {
      return meter;
    }

    int hash() {
      return hash;
    }

    /** Whether an event belongs to this series; the meter may have been compiled anew. */
    boolean is(CompiledMeter other, String subject, Scalars scalars) {
      return (meter == other || key.usageId().equals(other.meter().usageId()))
          && key.subject().equals(subject)
          && other.isGroup(key.groups(), scalars);
    }

    /** The window of a minute; null when there is none yet. */
    private @Nullable WindowDelta window(long minute) {
      WindowDelta found = last;
      if (found == null || lastMinute != minute) {
        found = byMinute.get(minute);
        if (found != null) {
          last = found;
          lastMinute = minute;
        }
      }
      return found;
    }

    private WindowDelta add(long minute) {
      WindowDelta window = new WindowDelta();
      byMinute.put(minute, window);
      last = window;
      lastMinute = minute;
      return window;
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
    lastTenant = null;
    frame.forEach(this::fold);
  }

  /**
   * Folds what one tenant's meters count of one type in a frame, and leaves all else unread.
   *
   * @param type the UTF-8 bytes of the event type
   */
  void fold(Frame frame, UUID tenantId, byte[] type) {
    lane = frame.lane();
    TypeProgram program =
        catalog.meters(tenantId).program(new String(type, StandardCharsets.UTF_8));
    if (program != null) {
      frame.forEachOf(tenantId, event -> {
        if (!event.isConflict() && isOfType(event, type)) {
          events++;
          fold(event, program);
        }
      });
    }
  }

  private static boolean isOfType(Frame.RecordView event, byte[] type) {
    int from = event.typeFrom();
    return Arrays.equals(event.bytes(), from, from + event.typeLength(), type, 0, type.length);
  }

  private void fold(Frame.RecordView event) {
    if (event.isConflict()) {
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
    TypeProgram program = program(event);
    if (program != null) {
      fold(event, program);
    }
  }

  private @Nullable TypeProgram program(Frame.RecordView event) {
    if (!event.tenantId().equals(lastTenant) || !isOfType(event, lastType)) {
      lastTenant = event.tenantId();
      lastType = Arrays.copyOfRange(
          event.bytes(), event.typeFrom(), event.typeFrom() + event.typeLength());
      lastProgram = catalog
          .meters(event.tenantId())
          .program(texts.get(event.bytes(), event.typeFrom(), event.typeLength()));
    }
    return lastProgram;
  }

  private void fold(Frame.RecordView event, TypeProgram program) {
    Scalars scalars =
        scan.scan(event.bytes(), event.dataFrom(), event.dataLength(), program.paths());
    for (CompiledMeter meter : program.meters()) {
      if (meter.counts(lane, event) && meter.matches(scalars)) {
        add(meter, event, scalars);
      }
    }
  }

  private void add(CompiledMeter meter, Frame.RecordView event, Scalars scalars) {
    int slot = meter.valueSlot();
    BigDecimal decimal = null;
    boolean scaled = false;
    if (!meter.canUse(scalars)) {
      skipped += event.isVoid() ? 0 : 1;
      return;
    }
    if (meter.meter().aggregation().takesDecimal() && !scalars.isInteger(slot)) {
      scaled = isSum(meter) && scalars.readScaled(slot);
      decimal = scaled ? null : scalars.decimal(slot);
      if (!scaled && decimal == null) {
        // Taken before this meter existed, or raced its creation: it has no value for the meter.
        skipped += event.isVoid() ? 0 : 1;
        return;
      }
    }
    long countsFrom = meter.meter().countsFromNanos(event.timeNanos());
    long minute = EventTime.epochMinute(countsFrom);
    WindowDelta window = window(meter, event, scalars, minute);
    int sign = event.isVoid() ? -1 : 1;
    counted += sign;
    switch (meter.meter().aggregation()) {
      case COUNT -> window.count(sign);
      case SUM, AVG -> {
        if (scaled) {
          window.addScaled(scalars.unscaled(), scalars.scale(), sign);
        } else if (decimal == null) {
          window.addInteger(scalars.integer(slot), sign);
        } else {
          window.addDecimal(decimal, sign);
        }
      }
      case MIN, MAX, LATEST -> addExtreme(window, meter, event, value(scalars, slot, decimal));
      case UNIQUE_COUNT -> rows += window.addUnique(hashOf(scalars.text(slot)), sign) ? 1 : 0;
      case WEIGHTED_UNIQUE_COUNT ->
        rows += window.addOperation(operation(meter, event, scalars), sign) ? 1 : 0;
      case WEIGHTED_SUM ->
        window.addChange(
            value(scalars, slot, decimal), countsFrom - minute * EventTime.NANOS_PER_MINUTE, sign);
      case PERCENTILE -> rows += window.addValue(value(scalars, slot, decimal), sign) ? 1 : 0;
    }
  }

  private static boolean isSum(CompiledMeter meter) {
    Aggregation aggregation = meter.meter().aggregation();
    return aggregation == Aggregation.SUM || aggregation == Aggregation.AVG;
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

  private KeyOperation operation(CompiledMeter meter, Frame.RecordView event, Scalars scalars) {
    WindowDelta.ValueHash key = hashOf(scalars.text(meter.valueSlot()));
    return meter.operation(new UUID(key.high(), key.low()), event.timeNanos(), scalars);
  }

  private WindowDelta window(
      CompiledMeter meter, Frame.RecordView event, Scalars scalars, long minute) {
    String subject = texts.get(event.bytes(), event.subjectFrom(), event.subjectLength());
    SeriesDelta delta = series.of(meter, subject, scalars);
    WindowDelta window = delta.window(minute);
    if (window == null) {
      window = delta.add(minute);
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
    return series.all().isEmpty() && conflicts.isEmpty();
  }

  Iterable<SeriesDelta> series() {
    return series.all();
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
