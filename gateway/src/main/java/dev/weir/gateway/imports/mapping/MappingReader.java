package dev.weir.gateway.imports.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.gateway.imports.mapping.MappingRequest.From;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.ValueKind;
import dev.weir.gateway.terminal.Arguments;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts together what a mapping file and the options say; options win. Used once. */
public final class MappingReader {

  public static final String MAP = "--map";
  public static final String TIME_FORMAT = "--time-format";
  public static final String TIME_ZONE = "--time-zone";

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final Pattern PROPERTY =
      Pattern.compile("data\\.([^:=]{1,256})(?::(number|text|boolean))?");
  private static final String ALL = "data";
  private static final String EVERYTHING = "*";
  private static final int PROPERTIES_MAX = 256;
  private static final long FILE_BYTES_MAX = 1 << 20;

  private final Map<Part, String> places = new EnumMap<>(Part.class);
  private final Map<Part, String> constants = new EnumMap<>(Part.class);
  private final Map<String, From> data = new LinkedHashMap<>();
  private boolean allOther;
  private @Nullable String timeFormat;
  private @Nullable ZoneId zone;

  /** {@code TARGET=PLACE}. */
  public void map(String option, String text) {
    int equals = text.indexOf('=');
    if (equals <= 0 || equals == text.length() - 1) {
      throw new CommandFailure("%s must look like subject=COLUMN or data.tokens=COLUMN, not '%s'."
          .formatted(option, text));
    }
    map(option, text.substring(0, equals), text.substring(equals + 1));
  }

  private void map(String option, String target, String place) {
    Optional<Part> part = Part.of(target);
    Matcher property = PROPERTY.matcher(target);
    if (part.isPresent()) {
      constants.remove(part.get());
      places.put(part.get(), place);
    } else if (target.equals(ALL) && place.equals(EVERYTHING)) {
      allOther = true;
    } else if (property.matches()) {
      data.put(property.group(1), new From(place, kind(property.group(2))));
    } else {
      throw new CommandFailure(
          "%s: '%s' is no part of an event; it can be id, subject, time, type, source, data.NAME,"
                  .formatted(option, target)
              + " data.NAME:number, data.NAME:text, data.NAME:boolean, or data=*.");
    }
    if (data.size() > PROPERTIES_MAX) {
      throw new CommandFailure(
          "%s: an event has at most %d properties.".formatted(option, PROPERTIES_MAX));
    }
  }

  private static @Nullable ValueKind kind(@Nullable String label) {
    if (label == null) {
      return null;
    }
    return switch (label) {
      case "number" -> ValueKind.NUMBER;
      case "boolean" -> ValueKind.BOOLEAN;
      default -> ValueKind.TEXT;
    };
  }

  /** The same value in all events. */
  public void constant(Part part, String value) {
    places.remove(part);
    constants.put(part, value);
  }

  public void timeFormat(String text) {
    timeFormat = text;
  }

  public void zone(ZoneId newZone) {
    zone = newZone;
  }

  /** {@code {"map":{"subject":"customer",…},"type":…,"timeFormat":…,"timeZone":…}}. */
  public void file(String option, Path file) {
    JsonNode root = parsed(option, file);
    root.fields().forEachRemaining(field -> {
      String name = field.getKey();
      JsonNode value = field.getValue();
      switch (name) {
        case "map" ->
          value
              .fields()
              .forEachRemaining(entry -> map(
                  "%s %s".formatted(option, file),
                  entry.getKey(),
                  text(option, file, entry.getKey(), entry.getValue())));
        case "type" -> constant(Part.TYPE, text(option, file, name, value));
        case "source" -> constant(Part.SOURCE, text(option, file, name, value));
        case "subject" -> constant(Part.SUBJECT, text(option, file, name, value));
        case "timeFormat" -> timeFormat(text(option, file, name, value));
        case "timeZone" -> zone(Arguments.zone(option, text(option, file, name, value)));
        default ->
          throw new CommandFailure(
              "%s %s: there is no '%s'; it may have map, type, source, subject, timeFormat, timeZone."
                  .formatted(option, file, name));
      }
    });
  }

  private static JsonNode parsed(String option, Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new CommandFailure("%s %s is too large for a mapping.".formatted(option, file));
      }
      JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return root;
      }
      throw new CommandFailure("%s %s must hold a JSON object.".formatted(option, file));
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "%s %s is not JSON: %s".formatted(option, file, e.getOriginalMessage()));
    } catch (IOException e) {
      throw new CommandFailure("%s %s cannot be read: %s".formatted(option, file, e));
    }
  }

  private static String text(String option, Path file, String name, JsonNode value) {
    if (value.isTextual() && !value.textValue().isBlank()) {
      return value.textValue();
    }
    throw new CommandFailure(
        "%s %s: '%s' must be a text that is not empty.".formatted(option, file, name));
  }

  /** What was said, all together. */
  public MappingRequest conclude() {
    ZoneId inZone = zone == null ? ZoneOffset.UTC : zone;
    String format = timeFormat == null ? TimeFormat.ISO : timeFormat;
    try {
      return new MappingRequest(places, constants, data, allOther, TimeFormat.of(format, inZone));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "%s: '%s' is neither iso, epoch-seconds, epoch-millis, epoch-micros nor a pattern such as"
                  .formatted(TIME_FORMAT, format)
              + " 'dd/MM/yyyy HH:mm:ss' (%s).".formatted(e.getMessage()));
    }
  }
}
