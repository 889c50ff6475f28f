package dev.weir.api.explorer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.CorrectionNote;
import dev.weir.metering.explorer.EventPage;
import dev.weir.metering.explorer.EventVerdict;
import dev.weir.metering.explorer.FoundEvent;
import dev.weir.metering.explorer.FoundRecord;
import dev.weir.metering.explorer.RecordPlace;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events as they are listed: OpenMeter's {@code {"event":{…},"ingestedAt","storedAt"}}, and the position
 * and verdict. Data and extension attributes are given as they were sent, byte for byte.
 */
final class FoundEventJson {

  private FoundEventJson() {}

  /** Writes into a document. */
  @FunctionalInterface
  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] document(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A page, as a plain array. */
  static byte[] page(EventPage page) {
    return document(json -> {
      json.writeStartArray();
      for (FoundEvent found : page.events()) {
        json.writeStartObject();
        event(json, found.event(), found.verdict());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  /**
   * One line for a live stream. For what takes an event back it has the event's content, and what is said
   * of the correction.
   */
  static String line(FoundEvent found) {
    String text = new String(
        document(json -> {
          json.writeStartObject();
          if (found.event().isVoid()) {
            voidOf(json, found.event(), CorrectionNote.of(found.event().extensions()));
            json.writeStringField("verdict", found.verdict().wire());
          } else {
            event(json, found.event(), found.verdict());
          }
          json.writeEndObject();
        }),
        StandardCharsets.UTF_8);
    // Line breaks in JSON are white space, but would end the line.
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  /** All records of the events with one id, those of each source together. */
  static byte[] history(String id, List<FoundRecord> records) {
    Map<String, List<FoundRecord>> bySource = new LinkedHashMap<>();
    records.forEach(record -> bySource
        .computeIfAbsent(record.record().source(), source -> new java.util.ArrayList<>())
        .add(record));
    return document(json -> {
      json.writeStartObject();
      json.writeStringField("id", id);
      json.writeArrayFieldStart("events");
      for (Map.Entry<String, List<FoundRecord>> entry : bySource.entrySet()) {
        event(json, entry.getKey(), entry.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static void event(JsonGenerator json, String source, List<FoundRecord> records)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("source", source);
    json.writeStringField("verdict", verdict(records).wire());
    json.writeArrayFieldStart("records");
    for (FoundRecord record : records) {
      json.writeStartObject();
      json.writeStringField("kind", kind(record.record()));
      EventVerdict verdict = record.verdict();
      CorrectionNote note = record.note();
      if (verdict != null) {
        event(json, record.record(), verdict);
      } else if (note != null) {
        voidOf(json, record.record(), note);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** What holds of the event as a whole: accepted if any of its records counts. */
  private static EventVerdict verdict(List<FoundRecord> records) {
    EventVerdict verdict = EventVerdict.CONFLICT;
    for (FoundRecord record : records) {
      if (record.verdict() == EventVerdict.ACCEPTED) {
        return record.record().isReplacement() ? EventVerdict.REPLACED : EventVerdict.ACCEPTED;
      }
      if (record.verdict() == EventVerdict.VOIDED || record.verdict() == EventVerdict.REPLACED) {
        verdict = EventVerdict.VOIDED;
      }
    }
    return verdict;
  }

  private static String kind(JournaledEvent record) {
    return record.isVoid()
        ? "void"
        : record.isConflict() ? "conflict" : record.isReplacement() ? "replacement" : "event";
  }

  private static void event(JsonGenerator json, JournaledEvent event, EventVerdict verdict)
      throws IOException {
    cloudEvent(json, event, event.extensions());
    times(json, event);
    json.writeStringField("verdict", verdict.wire());
  }

  private static void voidOf(JsonGenerator json, JournaledEvent record, CorrectionNote note)
      throws IOException {
    cloudEvent(json, record, "");
    times(json, record);
    RecordPlace voids = note.voids();
    optional(json, "voids", voids == null ? null : voids.toString());
    optional(json, "reason", note.reason());
    optional(json, "author", note.author());
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** An event is stored before its request is answered, and what is kept is when that began. */
  private static void times(JsonGenerator json, JournaledEvent event) throws IOException {
    String received = EventTime.instant(event.receivedNanos()).toString();
    json.writeStringField("ingestedAt", received);
    json.writeStringField("storedAt", received);
    json.writeStringField("position", event.position());
  }

  private static void cloudEvent(JsonGenerator json, JournaledEvent event, String extensions)
      throws IOException {
    json.writeObjectFieldStart("event");
    json.writeStringField("specversion", "1.0");
    json.writeStringField("id", event.id());
    json.writeStringField("source", event.source());
    json.writeStringField("type", event.type());
    json.writeStringField("subject", event.subject());
    json.writeStringField("time", EventTime.instant(event.timeNanos()).toString());
    if (extensions.length() > 2) {
      json.writeRaw(',');
      json.writeRaw(extensions.substring(1, extensions.length() - 1));
    }
    if (!event.data().isEmpty()) {
      json.writeFieldName("data");
      json.writeRawValue(event.data());
    }
    json.writeEndObject();
  }

  /** The begin of a live stream. */
  static String start(JournalPosition position) {
    return Json.text(Map.of("position", position.toString()));
  }
}
