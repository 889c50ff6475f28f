package dev.weir.gateway.imports.resume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.gateway.imports.reading.ImportJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row that was not taken, as it is told in the file of rejected rows.
 *
 * @param line the line it begins on
 * @param number of the row, from 1
 * @param verdict {@code rejected} or {@code conflict}
 */
public record RefusedRow(
    long line,
    long number,
    String verdict,
    String code,
    @Nullable String field,
    String message,
    @Nullable String id,
    String raw) {

  public static final String REJECTED = "rejected";
  public static final String CONFLICT = "conflict";

  /** One line of JSON with its end. */
  byte[] json() {
    ObjectNode json = ImportJson.MAPPER.createObjectNode();
    json.put("line", line);
    json.put("row", number);
    json.put("verdict", verdict);
    json.put("code", code);
    if (field != null) {
      json.put("field", field);
    }
    json.put("message", message);
    if (id != null) {
      json.put("id", id);
    }
    json.put("raw", raw);
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
