package dev.weir.benchmarks.archive;

import dev.weir.metering.archive.ArchivedCycles;
import dev.weir.metering.archive.CheckTotals;
import dev.weir.metering.archive.DirectoryTarget;
import dev.weir.metering.archive.JournalCheck;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.archive.Retention;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes hours of events into one lane without flushes, then times a check of the files, a round that
 * seals them, one that archives them to a directory, a check with the archive, and their way back.
 */
public final class JournalFilesBenchmark {

  private static final UUID TENANT = UUID.fromString("00000000-0000-7000-8000-00000000000a");
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final int FRAME_EVENTS = 1_000;

  private final Path directory;
  private final int hours;
  private final int hourEvents;
  private final PrintStream out;
  private final AtomicLong millis = new AtomicLong(FROM.toEpochMilli());

  private JournalFilesBenchmark(Path directory, int hours, int hourEvents, PrintStream out) {
    this.directory = directory;
    this.hours = hours;
    this.hourEvents = hourEvents;
    this.out = out;
  }

  /** Takes a directory that does not exist yet, hours, and events in each. */
  public static void main(String... words) throws IOException {
    if (words.length != 3) {
      throw new IllegalArgumentException("give a new directory, hours, and events in an hour");
    }
    run(Path.of(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]), System.out);
  }

  /** Writes and measures; prints a line for each. */
  public static void run(Path directory, int hours, int hourEvents, PrintStream out)
      throws IOException {
    new JournalFilesBenchmark(directory, hours, hourEvents, out).run();
  }

  private void run() throws IOException {
    Path home = directory.resolve("journal");
    DirectoryTarget archive = new DirectoryTarget(directory.resolve("archive"));
    try (Journal journal =
        Journal.open(home, 1, () -> Instant.ofEpochMilli(millis.get()), new SecureRandom())) {
      write(journal);
      check("check, not sealed", home, Optional.empty());
      long bytes = check("check, not sealed, again", home, Optional.empty());
      round("seal", journal, home, Optional.empty(), bytes);
      check("check, sealed", home, Optional.empty());
      round("archive to a directory", journal, home, Optional.of(archive), bytes);
      check("check with the archive", home, Optional.of(archive));
    }
    fetch(home, archive);
  }

  private void write(Journal journal) throws IOException {
    FrameWriter frame = new FrameWriter();
    long sequence = 1;
    long begun = System.nanoTime();
    try (JournalWriter writer = journal.lane(0).writer(channel -> {}, 0)) {
      for (int hour = 0; hour <= hours; hour++) {
        // The last hour is open and has one frame.
        int events = hour == hours ? FRAME_EVENTS : hourEvents;
        for (int from = 0; from < events; from += FRAME_EVENTS) {
          sequence += append(writer, frame, sequence, Math.min(FRAME_EVENTS, events - from));
        }
        millis.addAndGet(Duration.ofHours(1).toMillis());
      }
    }
    report("write without flushes", begun, sequence - 1, 0);
  }

  private int append(JournalWriter writer, FrameWriter frame, long sequence, int events)
      throws IOException {
    long nanos = millis.get() * 1_000_000;
    RecordWriter records = new RecordWriter(TENANT, KEY.forTenant(TENANT), nanos);
    for (int i = 0; i < events; i++) {
      records.add(content(sequence + i, nanos));
    }
    EventBatch batch = records.batch();
    frame.begin(0, sequence);
    frame.beginGroup(batch.tenantId(), batch.receivedNanos());
    for (int i = 0; i < events; i++) {
      frame.add(batch, i, false);
    }
    frame.endGroup();
    frame.end();
    if (!writer.hasRoom()) {
      throw new IOException("the disk is full");
    }
    writer.append(frame.array(), frame.length());
    return events;
  }

  private static final IdentityKey KEY = new IdentityKey(1, 2);

  private static RecordWriter.Content content(long event, long nanos) {
    return new RecordWriter.Content(
        EventBatch.FLAG_TIME_GIVEN,
        nanos,
        event,
        "gateway-1",
        "event-" + event,
        "llm.call",
        "customer-" + event % 10_000,
        "",
        "{\"tokens\":%d,\"model\":\"m%d\",\"region\":\"eu-central-1\",\"cached\":false}"
            .formatted(event % 5_000, event % 7));
  }

  private long check(String what, Path home, Optional<DirectoryTarget> archive) throws IOException {
    long begun = System.nanoTime();
    CheckTotals totals = new JournalCheck(home, archive.map(target -> target), problem -> {
          throw new IllegalStateException(problem.text());
        })
        .run();
    report(what, begun, totals.records(), totals.bytes() + totals.archivedBytes());
    return totals.bytes();
  }

  private void round(
      String what, Journal journal, Path home, Optional<DirectoryTarget> archive, long bytes) {
    JournalUpkeep upkeep = new JournalUpkeep(
        journal,
        home,
        new JournalUpkeep.Options(
            archive.map(target -> target), Retention.UNLIMITED, 0, Duration.ofMinutes(1)),
        () -> Instant.ofEpochMilli(millis.get()),
        () -> new JournalPosition(new TreeMap<>(Map.of(0, Long.MAX_VALUE - 1))),
        facts -> false);
    long begun = System.nanoTime();
    upkeep.round();
    if (upkeep.status().error().isPresent() || upkeep.status().sealed() != hours) {
      throw new IllegalStateException(upkeep.status().toString());
    }
    report(what, begun, (long) hours * hourEvents, bytes);
  }

  private void fetch(Path home, DirectoryTarget archive) throws IOException {
    ArchivedCycles archived = new ArchivedCycles(
        home, Optional.of(archive), Long.MAX_VALUE, () -> Instant.ofEpochMilli(millis.get()));
    long begun = System.nanoTime();
    long bytes = 0;
    for (int cycle : archived.cycles(0)) {
      bytes += Files.size(archived.fetch(0, cycle));
    }
    report("fetch back", begun, (long) hours * hourEvents, bytes);
  }

  private void report(String what, long begunNanos, long events, long bytes) {
    long micros = Math.max(1, (System.nanoTime() - begunNanos) / 1_000);
    out.printf(
        "%s: %,d events, %,d MB in %,d ms: %,d events/s, %,d MB/s%n",
        what,
        events,
        bytes / 1_000_000,
        micros / 1_000,
        events * 1_000_000 / micros,
        bytes / micros);
  }
}
