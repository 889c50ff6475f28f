package dev.weir.benchmarks.scaling;

import dev.weir.benchmarks.ingest.EventShape;
import dev.weir.benchmarks.ingest.LoadSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is made larger while all else stays as it is. */
enum Dimension {
  /** A request's events. */
  BATCH("events in a request", "requests", "1,10,100,1_000,10_000"),
  /** Customers. */
  SUBJECTS("subjects", "events", "10,1_000,100_000,1_000_000"),
  /** Meters of one event type. */
  METERS("meters that count each event", "events", "1,4,16"),
  /** Values of the property that meters group by; they advance together with the subjects. */
  GROUPS("distinct groups", "events", "1,100,10_000"),
  /** Single-writer lanes of ingest. */
  LANES("lanes", "", "1,2,4"),
  /** What was journaled, and is remembered, before the measurement. */
  JOURNAL("events journaled before", "", "0,10_000_000,30_000_000,100_000_000");

  private final String meaning;
  private final String fact;
  private final String usual;

  Dimension(String meaning, String fact, String usual) {
    this.meaning = meaning;
    this.fact = fact;
    this.usual = usual;
  }

  String meaning() {
    return meaning;
  }

  /** The fact of a load that it changes; empty if none. */
  String fact() {
    return fact;
  }

  /** What is measured when no values are given. */
  List<Long> usual() {
    return Stream.of(usual.split(",", -1))
        .map(value -> Long.valueOf(value.replace("_", "")))
        .toList();
  }

  /** Settings of the server for a value. */
  Map<String, String> server(long value) {
    return this == LANES ? Map.of("WEIR_INGEST_LANES", Long.toString(value)) : Map.of();
  }

  /** The load for a value. */
  LoadSettings load(LoadSettings settings, long value) {
    EventShape shape = settings.shape();
    int number = Math.toIntExact(value);
    return switch (this) {
      case BATCH ->
        settings.with(
            new EventShape(shape.format(), number, shape.subjects(), shape.groups()),
            settings.meters());
      case SUBJECTS ->
        settings.with(
            new EventShape(shape.format(), shape.eventsPerRequest(), number, shape.groups()),
            settings.meters());
      case GROUPS ->
        settings.with(
            new EventShape(shape.format(), shape.eventsPerRequest(), shape.subjects(), number),
            settings.meters());
      case METERS -> settings.with(shape, number);
      case LANES, JOURNAL -> settings;
    };
  }
}
