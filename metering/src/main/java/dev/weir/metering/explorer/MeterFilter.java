package dev.weir.metering.explorer;

import com.fasterxml.jackson.core.JsonParser;
import dev.weir.metering.event.DataWalk;
import dev.weir.metering.event.EventJson;
import dev.weir.metering.event.PathTree;
import dev.weir.metering.event.Scalars;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    DataWalk walk = new DataWalk();
    if (record.dataLength() == 0) {
      walk.scalars().reset(paths.size());
    } else {
      try (JsonParser parser =
          EventJson.FACTORY.createParser(record.bytes(), record.dataFrom(), record.dataLength())) {
        parser.nextToken();
        walk.walk(parser, paths);
      } catch (IOException e) {
        throw new UncheckedIOException("journaled data does not parse", e);
      }
    }
    Scalars scalars = walk.scalars();
    return filter.stream().allMatch(condition -> condition.holds(scalars))
        && excluded.stream()
            .noneMatch(
                conditions -> conditions.stream().allMatch(condition -> condition.holds(scalars)));
  }
}
