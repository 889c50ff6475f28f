package dev.weir.gateway.imports.reading;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.UnusableRow;
import java.io.IOException;

/** Reads lines of JSON. Numbers keep all their digits. */
public final class ImportJson {

  public static final ObjectMapper MAPPER = mapper();

  private ImportJson() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    mapper.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    mapper.configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    return mapper;
  }

  /** The one object that a line holds. */
  static JsonNode object(ByteWriter line) throws UnusableRow, IOException {
    try {
      JsonNode node = MAPPER.readTree(line.array(), 0, line.length());
      if (node.isObject()) {
        return node;
      }
      throw notAnObject();
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** Makes sure that a line holds exactly one object, without keeping it. */
  static void requireObject(ByteWriter line) throws UnusableRow, IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(line.array(), 0, line.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw notAnObject();
      }
      parser.skipChildren();
      parser.finishToken();
      if (parser.nextToken() != null) {
        throw new UnusableRow(
            RowFault.ROW_MALFORMED, null, "there is more on the line after the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  private static UnusableRow notAnObject() {
    return new UnusableRow(RowFault.ROW_MALFORMED, null, "it is not a JSON object");
  }

  private static UnusableRow malformed(JsonProcessingException e) {
    String why = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return new UnusableRow(RowFault.ROW_MALFORMED, null, "it is not one JSON object: " + why);
  }
}
