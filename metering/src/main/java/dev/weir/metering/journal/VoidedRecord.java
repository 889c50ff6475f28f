package dev.weir.metering.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.metering.event.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Which record a void takes back, as the void's extension attribute {@value #ATTRIBUTE} names it: lane
 * and sequence, printed as in a journal position.
 */
public record VoidedRecord(int lane, long sequence) {

  public static final String ATTRIBUTE = "weirvoids";

  /** The record that this void names; null when it names none. Cost: parses the attributes. */
  public static @Nullable VoidedRecord of(Frame.RecordView voiding) {
    return of(voiding.extensions());
  }

  /** The record that a void with these extension attributes names; null when they name none. */
  public static @Nullable VoidedRecord of(String attributes) {
    if (attributes.isEmpty()) {
      return null;
    }
    try (JsonParser parser = EventJson.FACTORY.createParser(attributes)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (name.equals(ATTRIBUTE) && value == JsonToken.VALUE_STRING) {
          return parse(parser.getText());
        }
        parser.skipChildren();
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("journaled attributes do not parse", e);
    }
  }

  /** As positions print it. */
  public String position() {
    return lane + ":" + sequence;
  }

  private static @Nullable VoidedRecord parse(String place) {
    if (!place.matches("[0-9]{1,2}:[0-9]{1,18}")) {
      return null;
    }
    int colon = place.indexOf(':');
    return new VoidedRecord(
        Integer.parseInt(place.substring(0, colon)), Long.parseLong(place.substring(colon + 1)));
  }
}
