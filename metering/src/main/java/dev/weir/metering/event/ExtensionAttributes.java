package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The attributes of one event that CloudEvents does not define, as one JSON object with the values as
 * sent. CloudEvents asks for names of lower-case letters and digits; others are kept too, as usage is
 * not lost for the name of an attribute that no meter reads. Reused from event to event by one thread.
 */
final class ExtensionAttributes {

  private final ByteWriter json = new ByteWriter(64);
  private final Set<String> names = new HashSet<>();
  private long hash;
  private boolean nonFinite;

  void reset() {
    if (json.size() > 0) {
      json.truncate(0);
      names.clear();
    }
    hash = 0;
    nonFinite = false;
  }

  /**
   * Adds the attribute whose value the parser stands on, and moves to the value's last token.
   *
   * @return whether the name is new
   */
  boolean add(String name, JsonParser parser, byte[] body, int base) throws IOException {
    int from = base + (int) parser.currentTokenLocation().getByteOffset();
    // A sum, so that the order of attributes does not matter.
    hash += DataWalk.mix(DataWalk.hash(name) + 7 * valueHash(parser));
    int to = base + (int) parser.currentLocation().getByteOffset();
    byte[] quoted = new String(JsonStringEncoder.getInstance().quoteAsString(name))
        .getBytes(StandardCharsets.UTF_8);
    json.putByte(json.size() == 0 ? '{' : ',');
    json.putByte('"');
    json.putBytes(quoted, 0, quoted.length);
    json.putByte('"');
    json.putByte(':');
    json.putBytes(body, from, to - from);
    return names.add(name);
  }

  /**
   * Whole numbers and truth values count as their text: binary mode knows nothing else, and the same
   * event may come in either mode.
   */
  private long valueHash(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token.isBoolean()) {
      nonFinite = false;
      return DataWalk.hash(parser.getText());
    }
    DataWalk walk = new DataWalk();
    long value = walk.walk(parser, null);
    nonFinite = walk.hasNonFinite();
    return value;
  }

  /** Whether the last value held NaN or an infinity. */
  boolean lastIsNonFinite() {
    return nonFinite;
  }

  boolean tooLarge() {
    return json.size() >= EventLimits.EXTENSIONS_BYTES_MAX;
  }

  /** Hash of names and values, whatever their order and white space; 0 when there are none. */
  long hash() {
    return hash;
  }

  /** Writes the length and the JSON object, which is empty when there are no attributes. */
  void writeTo(ByteWriter heads) {
    int size = json.size();
    heads.putInt(size == 0 ? 0 : size + 1);
    if (size > 0) {
      heads.putBytes(json.array(), 0, size);
      heads.putByte('}');
    }
  }
}
