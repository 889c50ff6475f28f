package dev.weir.gateway.config;

import java.util.List;

/** Bounds of ingest: requests, lanes, disk, and remembered identities. */
final class IngestSettings {

  private static final int DEDUP_HORIZON_DAYS_MAX = 36_500;

  static final Setting<Integer> EVENTS_MAX =
      Setting.wholeNumber("ingest.events.max", "10000", 1, 100_000, "Events in one request.");

  static final Setting<Integer> BODY_BYTES_MAX = Setting.wholeNumber(
      "ingest.body.bytes.max",
      "8388608",
      1_024,
      12_582_912,
      "Bytes of one request's body, after decompression.");

  static final Setting<Integer> LANES = Setting.autoNumber(
      "ingest.lanes", 1, 64, "Single-writer lanes; auto is half the cores, at least one.");

  static final Setting<Integer> QUEUE_REQUESTS_MAX = Setting.wholeNumber(
      "ingest.queue.requests.max",
      "4096",
      1,
      1_000_000,
      "Requests that may wait for the lanes, counted once for each lane they touch; more are refused with 429.");

  static final Setting<Long> QUEUE_BYTES_MAX = Setting.longNumber(
      "ingest.queue.bytes.max",
      "67108864",
      1_048_576L,
      68_719_476_736L,
      "Bytes of events that may wait for the lanes, counted once for each lane they touch; more are refused with 429.");

  static final Setting<Integer> FLUSH_SPACING_MICROS = Setting.wholeNumber(
      "ingest.flush.spacing.micros",
      "400",
      0,
      1_000_000,
      "Microseconds between the beginnings of two flushes of a lane that many requests wait for; a lone request is flushed at once.");

  static final Setting<Long> DISK_RESERVE_BYTES = Setting.longNumber(
      "disk.reserve.bytes",
      "536870912",
      0L,
      1_125_899_906_842_624L,
      "Free bytes on the data directory's disk below which ingest is refused.");

  static final Setting<Integer> DEDUP_HORIZON_DAYS = Setting.numberOrUnlimited(
      "dedup.horizon.days",
      "35",
      DEDUP_HORIZON_DAYS_MAX,
      "Days an event id is remembered at least after it was received; unlimited for ever.");

  static final Setting<Long> DEDUP_IDENTITIES_MAX = Setting.longNumber(
      "dedup.identities.max",
      "100000000",
      1_000L,
      100_000_000_000L,
      "Event ids remembered in all lanes together; beyond it ingest is refused.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL = List.of(
      EVENTS_MAX,
      BODY_BYTES_MAX,
      LANES,
      QUEUE_REQUESTS_MAX,
      QUEUE_BYTES_MAX,
      FLUSH_SPACING_MICROS,
      DISK_RESERVE_BYTES,
      DEDUP_HORIZON_DAYS,
      DEDUP_IDENTITIES_MAX);

  private IngestSettings() {}

  static WeirConfig.Ingest read(Values values, int processors) {
    int lanes = values.of(LANES);
    return new WeirConfig.Ingest(
        values.of(EVENTS_MAX),
        values.of(BODY_BYTES_MAX),
        lanes == 0 ? Math.max(1, processors / 2) : lanes,
        values.of(QUEUE_REQUESTS_MAX),
        values.of(QUEUE_BYTES_MAX),
        values.of(FLUSH_SPACING_MICROS),
        values.of(DISK_RESERVE_BYTES),
        values.of(DEDUP_HORIZON_DAYS),
        values.of(DEDUP_IDENTITIES_MAX));
  }
}
