package dev.weir.gateway.config;

import java.util.List;

/** Bounds of finding events again. */
final class EventSettings {

  static final Setting<Integer> INDEX_RECORDS_MAX = Setting.wholeNumber(
      "events.index.records.max",
      "262144",
      1_024,
      16_777_216,
      "Events indexed in memory before they are written to disk, 42 bytes each.");

  static final Setting<Integer> SEARCH_THREADS = Setting.wholeNumber(
      "events.search.threads", "2", 1, 64, "Searches for events that run at once.");

  static final Setting<Integer> SEARCH_QUEUE_MAX = Setting.wholeNumber(
      "events.search.queue.max",
      "64",
      1,
      10_000,
      "Searches for events that run or wait; more are refused with 429.");

  static final Setting<Integer> SEARCH_SECONDS = Setting.wholeNumber(
      "events.search.seconds", "10", 1, 25, "How long a search for events may take.");

  static final Setting<Integer> STREAMS_MAX = Setting.wholeNumber(
      "events.streams.max",
      "100",
      0,
      10_000,
      "Live streams of events at once, up to 1 MiB each; more are refused with 429.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL =
      List.of(INDEX_RECORDS_MAX, SEARCH_THREADS, SEARCH_QUEUE_MAX, SEARCH_SECONDS, STREAMS_MAX);

  private EventSettings() {}

  static WeirConfig.Events read(Values values) {
    return new WeirConfig.Events(
        values.of(INDEX_RECORDS_MAX),
        values.of(SEARCH_THREADS),
        Math.max(values.of(SEARCH_QUEUE_MAX), values.of(SEARCH_THREADS)),
        values.of(SEARCH_SECONDS),
        values.of(STREAMS_MAX));
  }
}
