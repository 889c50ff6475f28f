package dev.weir.metering.explorer;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.FrameWriter;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournalWriter;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lanes on disk that are written frame by frame, and what they hold, as a plain list. */
final class TestJournal implements AutoCloseable {

  static final UUID[] TENANTS = {
    UUID.fromString("00000000-0000-7000-8000-00000000000a"),
    UUID.fromString("00000000-0000-7000-8000-00000000000b")
  };

  private static final EventDecoder DECODER = new EventDecoder(EventLimits.DEFAULT);

  private final Path directory;
  private final List<JournalLane> lanes = new ArrayList<>();
  private final List<JournalWriter> writers = new ArrayList<>();
  private final List<JournaledEvent> records = new ArrayList<>();
  private final Map<Integer, Long> flushed = new TreeMap<>();
  private Instant now = Instant.parse("2026-03-05T12:00:00Z");

  TestJournal(Path directory, int lanes) throws IOException {
    this.directory = directory;
    for (int i = 0; i < lanes; i++) {
      flushed.put(i, 0L);
    }
    open();
  }

  private void open() throws IOException {
    for (int i = 0; i < flushed.size(); i++) {
      JournalLane lane = JournalLane.open(directory, i, () -> now);
      lanes.add(lane);
      writers.add(lane.writer(Flusher.FORCE, 0));
    }
  }

  void reopen() throws IOException {
    close();
    open();
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  Instant now() {
    return now;
  }

  List<JournalLane> lanes() {
    return List.copyOf(lanes);
  }

  long flushed(int lane) {
    return flushed.getOrDefault(lane, 0L);
  }

  JournalPosition flushed() {
    TreeMap<Integer, Long> sequences = new TreeMap<>(flushed);
    sequences.values().removeIf(sequence -> sequence == 0);
    return new JournalPosition(sequences);
  }

  static IdentityKey key(UUID tenantId) {
    return new IdentityKey(11, 12).forTenant(tenantId);
  }

  /** Everything that was journaled, lane by lane. */
  List<JournaledEvent> records() {
    return List.copyOf(records);
  }

  /** A request of a frame, and which of its events are conflicts. */
  record Request(EventBatch batch, boolean conflicts) {}

  Request events(UUID tenantId, String lines) {
    EventDecoder.Sender sender =
        new EventDecoder.Sender(tenantId, key(tenantId), EventRules.NONE, EventTime.nanos(now));
    EventBatch batch = DECODER.decodeLines(lines.getBytes(StandardCharsets.UTF_8), sender);
    if (!batch.rejections().isEmpty()) {
      throw new AssertionError(batch.rejections());
    }
    return new Request(batch, false);
  }

  /** Takes a record back; with a line, an event takes its place. */
  Request correction(JournaledEvent event, @Nullable String line) {
    RecordWriter writer =
        new RecordWriter(event.tenantId(), key(event.tenantId()), EventTime.nanos(now));
    Map<String, String> about = new LinkedHashMap<>();
    about.put(VoidedRecord.ATTRIBUTE, event.position());
    about.put("reason", "test");
    about.put("author", "tester");
    writer.add(new RecordWriter.Content(
        EventBatch.FLAG_VOID | (event.flags() & EventBatch.FLAG_TIME_GIVEN),
        event.timeNanos(),
        event.payloadHash(),
        event.source(),
        event.id(),
        event.type(),
        event.subject(),
        Json.text(about),
        event.data()));
    if (line != null) {
      writer.addReplacement(events(event.tenantId(), line).batch(), 0);
    }
    return new Request(writer.batch(), false);
  }

  /** Appends one frame with these requests to a lane and flushes it. */
  void append(int lane, Request... requests) throws IOException {
    FrameWriter frame = new FrameWriter();
    frame.begin(lane, flushed(lane) + 1);
    for (Request request : requests) {
      frame.beginGroup(request.batch().tenantId(), request.batch().receivedNanos());
      for (int i = 0; i < request.batch().count(); i++) {
        frame.add(request.batch(), i, request.conflicts());
      }
      frame.endGroup();
    }
    frame.end();
    if (!writers.get(lane).hasRoom()) {
      throw new AssertionError("no room");
    }
    writers.get(lane).append(frame.array(), frame.length());
    Frame read = Frames.read(Arrays.copyOf(frame.array(), frame.length()));
    read.forEach(record -> records.add(record.copy(lane)));
    flushed.put(lane, read.lastSequence());
  }

  static String line(
      String id, String source, String type, String subject, String time, String data) {
    return """
        {"specversion":"1.0","id":"%s","source":"%s","type":"%s","subject":"%s","time":"%s","data":%s}""".formatted(id, source, type, subject, time, data);
  }

  /** What was found, in the order of a list, as the plainest search would find it. */
  List<FoundEvent> expected(EventFilter filter) {
    Map<String, EventVerdict> voided = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      JournaledEvent record = records.get(i);
      VoidedRecord target = record.isVoid() ? VoidedRecord.of(record.extensions()) : null;
      if (target != null) {
        JournaledEvent next = i + 1 < records.size() ? records.get(i + 1) : record;
        boolean replaced = next.isReplacement() && next.id().equals(record.id());
        voided.put(target.position(), replaced ? EventVerdict.REPLACED : EventVerdict.VOIDED);
      }
    }
    return records.stream()
        .filter(record -> !record.isVoid() && matches(filter, record))
        .map(record -> new FoundEvent(
            record,
            record.isConflict()
                ? EventVerdict.CONFLICT
                : voided.getOrDefault(record.position(), EventVerdict.ACCEPTED)))
        .filter(found -> filter.verdict() == null || filter.verdict() == found.verdict())
        .sorted(Comparator.<FoundEvent>comparingLong(found -> found.event().timeNanos())
            .thenComparing(found -> found.event().lane())
            .thenComparing(found -> found.event().sequence())
            .reversed())
        .toList();
  }

  private static boolean matches(EventFilter filter, JournaledEvent record) {
    return record.tenantId().equals(filter.tenantId())
        && (filter.subjects() == null || filter.subjects().contains(record.subject()))
        && (filter.type() == null || filter.type().equals(record.type()))
        && (filter.source() == null || filter.source().equals(record.source()))
        && (filter.id() == null || filter.id().equals(record.id()))
        && record.timeNanos() >= filter.event().fromNanos()
        && record.timeNanos() < filter.event().toNanos()
        && record.receivedNanos() >= filter.received().fromNanos()
        && record.receivedNanos() < filter.received().toNanos();
  }

  @Override
  public void close() throws IOException {
    for (JournalWriter writer : writers) {
      writer.close();
    }
    lanes.forEach(JournalLane::close);
    writers.clear();
    lanes.clear();
  }
}
