package dev.weir.benchmarks.replay;

import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** Writes a journal of LLM calls, of about 270 bytes each, in requests of 1,000. */
final class ReplayJournal {

  static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  static final int REQUEST_EVENTS = 1_000;

  private final ReplayLoad load;

  ReplayJournal(ReplayLoad load) {
    this.load = load;
  }

  Path directory() {
    return load.directory().resolve("journal");
  }

  static UUID tenant(int number) {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L + number);
  }

  /** When everything has been received. */
  Instant end() {
    return FROM.plus(Duration.ofHours(load.hours()));
  }

  /** Writes the journal if it is not there; flushes nothing, as nothing is acknowledged. */
  void write() throws IOException {
    if (Files.exists(directory().resolve("lane-0"))) {
      return;
    }
    Instant[] now = {FROM};
    try (Journal journal = Journal.open(directory(), 1, () -> now[0], new SecureRandom());
        JournalWriter writer = journal.lane(0).writer(channel -> {}, 0)) {
      FrameWriter frame = new FrameWriter();
      long requests = load.events() / REQUEST_EVENTS;
      for (long request = 0; request < requests; request++) {
        now[0] = FROM.plusNanos(Duration.ofHours(load.hours()).toNanos() / requests * request);
        EventBatch batch = batch(journal, request, now[0]);
        frame.begin(0, 1 + request * REQUEST_EVENTS);
        frame.beginGroup(batch.tenantId(), batch.receivedNanos());
        for (int i = 0; i < batch.count(); i++) {
          frame.add(batch, i, false);
        }
        frame.endGroup();
        frame.end();
        if (!writer.hasRoom()) {
          throw new IOException("no room for the journal in " + directory());
        }
        writer.append(frame.array(), frame.length());
      }
    }
  }

  private EventBatch batch(Journal journal, long request, Instant now) {
    UUID tenant = tenant((int) (request % load.tenants()));
    StringBuilder lines = new StringBuilder(REQUEST_EVENTS * 300);
    for (int i = 0; i < REQUEST_EVENTS; i++) {
      append(lines, request * REQUEST_EVENTS + i, now.plusMillis(i));
    }
    return new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            lines.toString().getBytes(StandardCharsets.US_ASCII),
            new EventDecoder.Sender(
                tenant,
                journal.identityKey().forTenant(tenant),
                EventRules.NONE,
                EventTime.nanos(now)));
  }

  private void append(StringBuilder lines, long n, Instant time) {
    // Spread without a pattern that a branch predictor could learn.
    long mixed = n * 0x9e37_79b9_7f4a_7c15L;
    lines
        .append("{\"specversion\":\"1.0\",\"id\":\"0191a2b3-c4d5-7e6f-8a9b-")
        .append(String.format(Locale.ROOT, "%012d", n))
        .append(
            "\",\"source\":\"/gateway/eu-central-1\",\"type\":\"llm.call\",\"subject\":\"customer-")
        .append(100_000 + Math.floorMod(mixed >> 20, load.subjects()))
        .append("\",\"time\":\"")
        .append(time)
        .append("\",\"data\":{\"model\":\"m-")
        .append(mixed >>> 62)
        .append("\",\"input_tokens\":")
        .append(100 + Math.floorMod(mixed >> 7, 4_000))
        .append(",\"output_tokens\":")
        .append(Math.floorMod(mixed >> 13, 900))
        .append(",\"region\":\"")
        .append((mixed & 1) == 0 ? "eu-central" : "us-east")
        .append("\",\"cached\":false,\"latency_ms\":")
        .append(Math.floorMod(mixed >> 31, 2_000))
        .append(",\"cost\":\"0.")
        .append(String.format(Locale.ROOT, "%06d", Math.floorMod(mixed >> 9, 1_000_000)))
        .append("\"}}\n");
  }
}
