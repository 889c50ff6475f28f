package dev.weir.metering.explorer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a void says of itself in its extension attributes.
 *
 * @param voids the record that it takes back; null when it names none
 * @param reason why
 * @param author who asked for it
 */
public record CorrectionNote(
    @Nullable RecordPlace voids,
    @Nullable String reason,
    @Nullable String author) {

  private static final CorrectionNote NONE = new CorrectionNote(null, null, null);

  /** Reads the attributes of a void. */
  public static CorrectionNote of(String attributes) {
    if (attributes.isEmpty()) {
      return NONE;
    }
    try {
      JsonNode note = Json.parseOwn(attributes);
      JsonNode voids = note.path(VoidedRecord.ATTRIBUTE);
      return new CorrectionNote(
          voids.isTextual() ? RecordPlace.parse(voids.textValue()) : null,
          note.path("reason").textValue(),
          note.path("author").textValue());
    } catch (Refusal malformed) {
      return NONE;
    }
  }
}
