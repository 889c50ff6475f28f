package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.metering.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scalars that a {@link PathTree} selects from one event's data, by slot. Reused from event to
 * event by one thread; costs no allocation for integers that fit a long.
 */
public final class Scalars {

  /** What was found at a path. */
  public enum Kind {
    ABSENT,
    NULL,
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    /** An object or array where a scalar was expected. */
    STRUCTURE
  }

  private Kind[] kinds = new Kind[0];
  private long[] integers = new long[0];
  private @Nullable String[] texts = new String[0];

  /** Forgets everything and makes room for a number of slots. */
  public void reset(int slots) {
    if (kinds.length < slots) {
      kinds = new Kind[slots];
      integers = new long[slots];
      texts = new String[slots];
    }
    Arrays.fill(kinds, 0, slots, Kind.ABSENT);
    Arrays.fill(texts, 0, slots, null);
  }

  /** Takes the scalar that the parser stands on. */
  void set(int slot, JsonParser parser, JsonToken token) throws IOException {
    switch (token) {
      case VALUE_NULL -> kinds[slot] = Kind.NULL;
      case VALUE_TRUE, VALUE_FALSE -> {
        kinds[slot] = Kind.BOOLEAN;
        texts[slot] = token == JsonToken.VALUE_TRUE ? "true" : "false";
      }
      case VALUE_NUMBER_INT -> setInteger(slot, parser);
      case VALUE_NUMBER_FLOAT -> {
        kinds[slot] = Kind.DECIMAL;
        texts[slot] = parser.getText();
      }
      case VALUE_STRING -> {
        kinds[slot] = Kind.TEXT;
        texts[slot] = parser.getText();
      }
      default -> kinds[slot] = Kind.STRUCTURE;
    }
  }

  private void setInteger(int slot, JsonParser parser) throws IOException {
    if (parser.getTextLength() <= 18) {
      kinds[slot] = Kind.INTEGER;
      integers[slot] = parser.getLongValue();
    } else {
      kinds[slot] = Kind.DECIMAL;
      texts[slot] = parser.getText();
    }
  }

  void setStructure(int slot) {
    kinds[slot] = Kind.STRUCTURE;
  }

  public Kind kind(int slot) {
    return kinds[slot];
  }

  public boolean isMissing(int slot) {
    return kinds[slot] == Kind.ABSENT || kinds[slot] == Kind.NULL;
  }

  /** Whether the slot holds an integer that {@link #integer} gives without allocation. */
  public boolean isInteger(int slot) {
    return kinds[slot] == Kind.INTEGER;
  }

  public long integer(int slot) {
    return integers[slot];
  }

  /**
   * The slot as an exact decimal, from a number or a numeric string; null when it is neither, is not
   * finite, or has more than 38 digits or 18 decimals.
   */
  public @Nullable BigDecimal decimal(int slot) {
    if (kinds[slot] == Kind.INTEGER) {
      return BigDecimal.valueOf(integers[slot]);
    }
    String text = texts[slot];
    if ((kinds[slot] != Kind.DECIMAL && kinds[slot] != Kind.TEXT) || text == null) {
      return null;
    }
    // The length is checked first: parsing a number of 100,000 digits would take long.
    if (text.isEmpty() || text.length() > 64) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      if (value.scale() > 0 || value.scale() < 0) {
        value = shortened(value);
      }
      return value != null && Quantity.withinEventLimits(value) ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable BigDecimal shortened(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    return Math.abs((long) stripped.scale()) > 64 ? null : stripped;
  }

  /** The slot as text: strings as they are, numbers in plain digits; empty when missing. */
  public String text(int slot) {
    return switch (kinds[slot]) {
      case INTEGER -> Long.toString(integers[slot]);
      case TEXT, BOOLEAN -> String.valueOf(texts[slot]);
      case DECIMAL -> {
        BigDecimal value = decimal(slot);
        yield value == null ? String.valueOf(texts[slot]) : value.toPlainString();
      }
      case ABSENT, NULL, STRUCTURE -> "";
    };
  }
}
