package dev.weir.benchmarks.explorer;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a month of events at an even rate into one lane, so that there are 720 cycles. Without flushes,
 * as only what is read afterwards is measured.
 */
final class MonthOfEvents {

  static final UUID TENANT = UUID.fromString("00000000-0000-7000-8000-00000000000a");
  static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  static final Instant TO = Instant.parse("2026-03-31T00:00:00Z");

  private static final long SCATTER = 2_654_435_761L;

  private final ExplorerLoad load;
  private final AtomicLong millis;
  private final String padding;

  /**
   * @param millis the clock of the journal that is written
   */
  MonthOfEvents(ExplorerLoad load, AtomicLong millis) {
    this.load = load;
    this.millis = millis;
    this.padding = "x".repeat(Math.max(1, load.dataBytes() - 40));
  }

  /** Gives the last sequence. */
  long write(Journal journal) throws IOException {
    FrameWriter frame = new FrameWriter();
    try (JournalWriter writer = journal.lane(0).writer(channel -> {}, 0)) {
      for (long from = 0; from < load.events(); from += load.frameEvents()) {
        long to = Math.min(load.events(), from + load.frameEvents());
        long nanos = timeNanos(to - 1);
        millis.set(nanos / 1_000_000);
        RecordWriter records =
            new RecordWriter(TENANT, journal.identityKey().forTenant(TENANT), nanos);
        for (long i = from; i < to; i++) {
          records.add(content(i));
        }
        append(writer, frame, records.batch(), from + 1);
      }
    }
    return load.events();
  }

  private static void append(
      JournalWriter writer, FrameWriter frame, EventBatch batch, long firstSequence)
      throws IOException {
    frame.begin(0, firstSequence);
    frame.beginGroup(batch.tenantId(), batch.receivedNanos());
    for (int i = 0; i < batch.count(); i++) {
      frame.add(batch, i, false);
    }
    frame.endGroup();
    frame.end();
    writer.append(frame.array(), frame.length());
  }

  private long timeNanos(long event) {
    long monthMicros = (TO.toEpochMilli() - FROM.toEpochMilli()) * 1_000;
    // In this order the product does not overflow.
    long micros = monthMicros / load.events() * event;
    return EventTime.nanos(FROM) + micros * 1_000;
  }

  /** Which customer an event is of: scattered, and each has as many. */
  private long customer(long event) {
    return event * SCATTER % load.customers();
  }

  static String id(long event) {
    return "event-" + event;
  }

  private RecordWriter.Content content(long event) {
    return new RecordWriter.Content(
        EventBatch.FLAG_TIME_GIVEN,
        timeNanos(event),
        event,
        "gateway-1",
        id(event),
        event % 1_000 == 0 ? "rare.call" : "llm.call",
        ExplorerLoad.subject(customer(event)),
        "",
        "{\"tokens\":%d,\"model\":\"m%d\",\"pad\":\"%s\"}"
            .formatted(event % 5_000, event % 7, padding));
  }
}
