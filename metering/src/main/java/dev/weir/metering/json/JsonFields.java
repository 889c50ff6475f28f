package dev.weir.metering.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object. Every refusal names the full path of the field and says what
 * to send instead. A JSON null counts as absent.
 */
public final class JsonFields {

  private final JsonNode object;
  private final String path;

  private JsonFields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The fields of a whole document, which must be an object. */
  public static JsonFields of(JsonNode document) {
    return of(document, "");
  }

  /** The fields of a node that sits at {@code path} in its document. */
  public static JsonFields of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw new Refusal(
          MeteringError.FIELD_INVALID,
          path.isEmpty() ? null : path,
          (path.isEmpty() ? "The body" : "'" + path + "'") + " must be a JSON object.");
    }
    return new JsonFields(node, path);
  }

  /** The full path of a field of this object. */
  public String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /** Refuses fields that are not in the list, so that a typing error cannot pass unseen. */
  public JsonFields allow(String... names) {
    Set<String> known = new TreeSet<>(Arrays.asList(names));
    for (var it = object.fieldNames(); it.hasNext(); ) {
      String name = it.next();
      if (!known.contains(name)) {
        throw new Refusal(
            MeteringError.FIELD_UNKNOWN,
            pathOf(name),
            "'%s' is not a known field here; known are %s.".formatted(pathOf(name), known));
      }
    }
    return this;
  }

  /** The names of the fields that are there, in their order; also those that are null. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  public @Nullable JsonNode node(String name) {
    return object.hasNonNull(name) ? object.get(name) : null;
  }

  public JsonNode requiredNode(String name) {
    JsonNode node = node(name);
    if (node == null) {
      throw missing(name);
    }
    return node;
  }

  public Refusal missing(String name) {
    return new Refusal(
        MeteringError.FIELD_MISSING, pathOf(name), "'%s' is required.".formatted(pathOf(name)));
  }

  public Refusal invalid(String name, String fix) {
    return new Refusal(
        MeteringError.FIELD_INVALID, pathOf(name), "'%s' %s".formatted(pathOf(name), fix));
  }

  /** Non-blank text of at most 1,024 characters. */
  public String text(String name) {
    String text = optionalText(name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  public @Nullable String optionalText(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual() || node.textValue().isBlank()) {
      throw invalid(name, "must be a non-empty string.");
    }
    if (node.textValue().length() > 1_024) {
      throw invalid(name, "must be at most 1024 characters long.");
    }
    requireStorable(name, node.textValue());
    return node.textValue();
  }

  /** PostgreSQL keeps no NUL, and half of a surrogate pair is no character in UTF-8. */
  private void requireStorable(String name, String text) {
    if (text.indexOf('\0') >= 0) {
      throw invalid(name, "must not contain a NUL character.");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw invalid(name, "must be well-formed text, without half a surrogate pair.");
    }
  }

  public String textOr(String name, String fallback) {
    String text = optionalText(name);
    return text == null ? fallback : text;
  }

  /** A decimal given as a string or a number, kept exactly; up to 38 digits, 18 of them decimals. */
  public BigDecimal decimal(String name) {
    BigDecimal value = optionalDecimal(name);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  public @Nullable BigDecimal optionalDecimal(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    BigDecimal value;
    try {
      value = node.isNumber()
          ? node.decimalValue()
          : new BigDecimal(
              node.isTextual() && node.textValue().length() <= 64
                  ? node.textValue()
                  : "not a number");
    } catch (NumberFormatException e) {
      throw invalid(name, "must be a decimal number such as \"0.000002\".");
    }
    if (!dev.weir.metering.Quantity.withinEventLimits(value)) {
      throw invalid(name, "must have at most 38 digits, 18 of them after the point.");
    }
    return value;
  }

  public @Nullable Integer optionalInt(String name) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw invalid(name, "must be a whole number.");
    }
    return node.intValue();
  }

  public boolean flag(String name, boolean fallback) {
    JsonNode node = node(name);
    if (node == null) {
      return fallback;
    }
    if (!node.isBoolean()) {
      throw invalid(name, "must be true or false.");
    }
    return node.booleanValue();
  }

  public Instant instant(String name) {
    Instant instant = optionalInstant(name);
    if (instant == null) {
      throw missing(name);
    }
    return instant;
  }

  public @Nullable Instant optionalInstant(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1970 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw invalid(
        name, "must be an RFC 3339 time such as \"2026-11-21T10:15:00Z\", from 1970 to 9999.");
  }

  /** A constant of an enum, compared without regard to case. */
  public <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    E value = optionalOneOf(name, type);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  public <E extends Enum<E>> @Nullable E optionalOneOf(String name, Class<E> type) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw invalid(
        name,
        "must be one of %s."
            .formatted(Arrays.stream(type.getEnumConstants())
                .map(c -> c.name().toLowerCase(Locale.ROOT))
                .toList()));
  }

  public JsonFields object(String name) {
    return of(requiredNode(name), pathOf(name));
  }

  /** The objects of an array; an absent array is empty. */
  public List<JsonFields> objects(String name, int itemsMax) {
    List<JsonFields> fields = new ArrayList<>();
    for (JsonNode item : array(name, itemsMax)) {
      fields.add(of(item, pathOf(name) + "[" + fields.size() + "]"));
    }
    return fields;
  }

  /** The strings of an array; an absent array is empty. */
  public List<String> texts(String name, int itemsMax) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : array(name, itemsMax)) {
      if (!item.isTextual() || item.textValue().isBlank() || item.textValue().length() > 1_024) {
        throw invalid(
            name + "[" + texts.size() + "]",
            "must be a non-empty string of at most 1024 characters.");
      }
      requireStorable(name + "[" + texts.size() + "]", item.textValue());
      texts.add(item.textValue());
    }
    return texts;
  }

  /** A map from name to string; an absent object is an empty map. */
  public Map<String, String> textMap(String name, int entriesMax) {
    Map<String, String> map = new LinkedHashMap<>();
    JsonNode node = node(name);
    if (node == null) {
      return map;
    }
    JsonFields entries = of(node, pathOf(name));
    if (node.size() > entriesMax) {
      throw invalid(name, "must have at most " + entriesMax + " entries.");
    }
    for (var it = node.fieldNames(); it.hasNext(); ) {
      String key = it.next();
      map.put(key, entries.text(key));
    }
    return map;
  }

  private Iterable<JsonNode> array(String name, int itemsMax) {
    JsonNode node = node(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isArray()) {
      throw invalid(name, "must be an array.");
    }
    if (node.size() > itemsMax) {
      throw invalid(name, "must have at most " + itemsMax + " items.");
    }
    return node;
  }
}
