package dev.weir.api.ingest;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.Rejection;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an ingest request: position, counts, and a verdict for each event that was not accepted,
 * or for all of them.
 */
final class VerdictJson {

  private VerdictJson() {}

  /**
   * The answer in UTF-8.
   *
   * @param all whether accepted events are listed as well
   * @param more members written first
   */
  static byte[] write(
      IngestAnswer answer, Map<Verdict, Integer> counts, boolean all, Map<String, Object> more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> member : more.entrySet()) {
        json.writeObjectField(member.getKey(), member.getValue());
      }
      json.writeStringField("position", answer.position().toString());
      json.writeNumberField("accepted", counts.getOrDefault(Verdict.ACCEPTED, 0));
      json.writeNumberField("duplicates", counts.getOrDefault(Verdict.DUPLICATE, 0));
      json.writeNumberField("conflicts", counts.getOrDefault(Verdict.CONFLICT, 0));
      json.writeNumberField("rejected", counts.getOrDefault(Verdict.REJECTED, 0));
      json.writeArrayFieldStart("verdicts");
      if (all || counts.getOrDefault(Verdict.ACCEPTED, 0) < answer.batch().count()) {
        writeVerdicts(json, answer.batch(), all);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void writeVerdicts(JsonGenerator json, EventBatch batch, boolean all)
      throws IOException {
    Map<Integer, Rejection> rejections = new HashMap<>();
    batch.rejections().forEach(r -> rejections.put(r.index(), r.rejection()));
    for (int i = 0; i < batch.count(); i++) {
      Verdict verdict = batch.verdict(i);
      if (all || verdict != Verdict.ACCEPTED) {
        json.writeStartObject();
        json.writeNumberField("index", i);
        optional(json, "id", batch.id(i));
        json.writeStringField("verdict", verdict.wire());
        Rejection rejection = rejections.get(i);
        if (rejection != null) {
          json.writeStringField("code", rejection.code().name());
          json.writeStringField("message", rejection.message());
          optional(json, "field", rejection.field());
        }
        json.writeEndObject();
      }
    }
  }

  private static void optional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
