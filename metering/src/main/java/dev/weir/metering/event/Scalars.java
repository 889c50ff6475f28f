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

  private static final int SCALED_DIGITS_MAX = 18;
  private static final int SCALED_CHARS_MAX = SCALED_DIGITS_MAX + 2;

  private Kind[] kinds = new Kind[0];
  private long[] integers = new long[0];
  private @Nullable String[] texts = new String[0];
  private long unscaled;
  private int scale;

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

  void setNull(int slot) {
    kinds[slot] = Kind.NULL;
  }

  void setBoolean(int slot, boolean value) {
    kinds[slot] = Kind.BOOLEAN;
    texts[slot] = value ? "true" : "false";
  }

  void setText(int slot, String value) {
    kinds[slot] = Kind.TEXT;
    texts[slot] = value;
  }

  /** An integer of at most 18 characters. */
  void setInteger(int slot, long value) {
    kinds[slot] = Kind.INTEGER;
    integers[slot] = value;
  }

  /** Any other number, as it is written. */
  void setDecimal(int slot, String value) {
    kinds[slot] = Kind.DECIMAL;
    texts[slot] = value;
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

  /**
   * The slot as a whole number of units of {@code 10^-scale}, when it is written in digits and a point
   * only, with at most 18 of them; then {@link #unscaled} and {@link #scale} give both. The usual case,
   * without allocation; {@link #decimal} takes every case.
   */
  public boolean readScaled(int slot) {
    String text = texts[slot];
    if ((kinds[slot] != Kind.DECIMAL && kinds[slot] != Kind.TEXT)
        || text == null
        || text.isEmpty()
        || text.length() > SCALED_CHARS_MAX) {
      return false;
    }
    boolean negative = text.charAt(0) == '-';
    int point = -1;
    long value = 0;
    int from = negative ? 1 : 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && point < 0 && i > from) {
        point = i;
      } else if (c >= '0' && c <= '9') {
        value = value * 10 + (c - '0');
      } else {
        return false;
      }
    }
    int digits = text.length() - from - (point < 0 ? 0 : 1);
    if (digits == 0 || digits > SCALED_DIGITS_MAX || point == text.length() - 1) {
      return false;
    }
    unscaled = negative ? -value : value;
    scale = point < 0 ? 0 : text.length() - 1 - point;
    return true;
  }

  /** What {@link #readScaled} read last. */
  public long unscaled() {
    return unscaled;
  }

  /** Digits after the point of what {@link #readScaled} read last. */
  public int scale() {
    return scale;
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
