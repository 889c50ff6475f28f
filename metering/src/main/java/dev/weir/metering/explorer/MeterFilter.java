package dev.weir.metering.explorer;

import dev.weir.metering.event.DataScan;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.event.TextCache;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which events a meter counts: by their type and what the meter filters. Immutable. */
public final class MeterFilter {

  private record Condition(int slot, Set<String> values) {
    boolean holds(Scalars scalars) {
      return values.contains(scalars.text(slot));
    }
  }

  /** Of one record, and none is met twice. */
  private static final int TEXTS = 16;

  private final String eventType;
  private final PathTree paths = new PathTree();
  private final List<Condition> filter;
  private final List<List<Condition>> excluded;

  public MeterFilter(Meter meter) {
    this.eventType = meter.eventType();
    this.filter = conditions(meter.filter());
    this.excluded = meter.options().exclude().stream().map(this::conditions).toList();
  }

  private List<Condition> conditions(Map<String, Set<String>> byPath) {
    return byPath.entrySet().stream()
        .map(entry ->
            new Condition(paths.add(JsonPath.parse(entry.getKey(), "filter")), entry.getValue()))
        .toList();
  }

  String eventType() {
    return eventType;
  }

  /** Whether the data of a record of this type passes. */
  boolean allows(Frame.RecordView record) {
    if (filter.isEmpty() && excluded.isEmpty()) {
      return true;
    }
    Scalars scalars = new DataScan(new TextCache(TEXTS))
        .scan(record.bytes(), record.dataFrom(), record.dataLength(), paths);
    return filter.stream().allMatch(condition -> condition.holds(scalars))
        && excluded.stream()
            .noneMatch(
                conditions -> conditions.stream().allMatch(condition -> condition.holds(scalars)));
  }
}
