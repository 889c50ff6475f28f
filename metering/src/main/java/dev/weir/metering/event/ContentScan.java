package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DataWalk} does, straight from the bytes of data that nobody has read before: fills {@link
 * Scalars} and gives the same hash, for JSON that is plain: ASCII without escapes, no deeper than data may
 * be. Of anything else, sound or not, it says so, and the parser reads it. Confined to one thread. Cost:
 * about 2 ns a byte, no allocation but for selected texts.
 */
final class ContentScan {

  /** Given instead of a place: the parser must read this. */
  static final int NOT_PLAIN = -1;

  private static final int INTEGER_CHARS_MAX = 18;

  /** What is longer is for the parser, which has bounds of its own. */
  private static final int NAME_BYTES_MAX = 1_000;

  private static final int NUMBER_BYTES_MAX = 100;
  private static final long TRUE = DataWalk.mix(JsonToken.VALUE_TRUE.id());
  private static final long FALSE = DataWalk.mix(JsonToken.VALUE_FALSE.id());
  private static final long NULL = DataWalk.mix(JsonToken.VALUE_NULL.id());

  private final Scalars scalars = new Scalars();
  private final byte[] bytes;
  private final int end;
  private long hash;

  ContentScan(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** What the last scan selected. */
  Scalars scalars() {
    return scalars;
  }

  /** The hash of what was read last. */
  long hash() {
    return hash;
  }

  /**
   * Reads a value.
   *
   * @return the place behind it, or NOT_PLAIN
   */
  int scan(int from, @Nullable PathTree tree) {
    scalars.reset(tree == null ? 0 : tree.size());
    return value(from, tree == null ? null : tree.root(), 1);
  }

  /** The first place from here on that is no white space. */
  int blank(int from) {
    int at = from;
    while (at < end && EventDecoder.isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  /** Whether a byte stands at a place. */
  boolean is(int at, char expected) {
    return at < end && bytes[at] == expected;
  }

  /** The place of the quote that ends a plain text, whose first one is before {@code from}. */
  int closingQuote(int from) {
    int at = from;
    while (at < end && isPlain(bytes[at])) {
      at++;
    }
    return is(at, '"') ? at : NOT_PLAIN;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  private int value(int at, PathTree.@Nullable Node node, int depth) {
    if (at >= end) {
      return NOT_PLAIN;
    }
    return switch (bytes[at]) {
      case '"' -> text(at, node);
      case '{' -> object(at, node, depth);
      case '[' -> array(at, node, depth);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(at, node);
      case 't' -> word(at, "true", TRUE, node);
      case 'f' -> word(at, "false", FALSE, node);
      case 'n' -> word(at, "null", NULL, node);
      default -> NOT_PLAIN;
    };
  }

  private int object(int from, PathTree.@Nullable Node node, int depth) {
    if (depth > DataWalk.DEPTH_MAX) {
      return NOT_PLAIN;
    }
    structure(node);
    long sum = DataWalk.OBJECT;
    int at = blank(from + 1);
    boolean more = !is(at, '}');
    while (more) {
      if (!is(at, '"')) {
        return NOT_PLAIN;
      }
      int nameFrom = at + 1;
      int nameTo = hashedText(nameFrom);
      at = nameTo == NOT_PLAIN ? end : blank(nameTo + 1);
      if (!is(at, ':') || nameTo - nameFrom > NAME_BYTES_MAX) {
        return NOT_PLAIN;
      }
      long name = hash;
      PathTree.Node child = node == null ? null : node.name(bytes, nameFrom, nameTo - nameFrom);
      at = value(blank(at + 1), child, depth + 1);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      sum += DataWalk.member(name, hash);
      at = blank(at);
      more = is(at, ',');
      at = more ? blank(at + 1) : at;
    }
    hash = DataWalk.mix(sum);
    return is(at, '}') ? at + 1 : NOT_PLAIN;
  }

  private int array(int from, PathTree.@Nullable Node node, int depth) {
    if (depth > DataWalk.DEPTH_MAX) {
      return NOT_PLAIN;
    }
    structure(node);
    long all = DataWalk.ARRAY;
    int at = blank(from + 1);
    boolean more = !is(at, ']');
    for (int index = 0; more; index++) {
      at = value(at, node == null ? null : node.index(index), depth + 1);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      all = DataWalk.element(all, hash);
      at = blank(at);
      more = is(at, ',');
      at = more ? blank(at + 1) : at;
    }
    hash = all;
    return is(at, ']') ? at + 1 : NOT_PLAIN;
  }

  private void structure(PathTree.@Nullable Node node) {
    if (node != null && node.slot() >= 0) {
      scalars.setStructure(node.slot());
    }
  }

  private int text(int at, PathTree.@Nullable Node node) {
    int close = hashedText(at + 1);
    if (close == NOT_PLAIN) {
      return NOT_PLAIN;
    }
    if (node != null && node.slot() >= 0) {
      scalars.setText(node.slot(), string(at + 1, close));
    }
    return close + 1;
  }

  /** Goes on to the closing quote and hashes what is before it. */
  private int hashedText(int from) {
    long text = DataWalk.TEXT;
    int at = from;
    for (; at < end && isPlain(bytes[at]); at++) {
      text = DataWalk.step(text, bytes[at]);
    }
    hash = DataWalk.mix(text);
    return is(at, '"') ? at : NOT_PLAIN;
  }

  /** The hash of a range, as of a text. */
  long textHash(int from, int to) {
    return hash(DataWalk.TEXT, from, to);
  }

  private long hash(long seed, int from, int to) {
    long hashed = seed;
    for (int at = from; at < to; at++) {
      hashed = DataWalk.step(hashed, bytes[at]);
    }
    return DataWalk.mix(hashed);
  }

  String string(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** A number as JSON writes it: no sign but minus, no needless zero before it, digits around a point. */
  private int number(int from, PathTree.@Nullable Node node) {
    int at = is(from, '-') ? from + 1 : from;
    int whole = at;
    long value = 0;
    for (; isDigit(at); at++) {
      value = value * 10 + (bytes[at] - '0');
    }
    if (at == whole || (bytes[whole] == '0' && at - whole > 1)) {
      return NOT_PLAIN;
    }
    int behind = exponent(fraction(at));
    if (behind == NOT_PLAIN || behind - from > NUMBER_BYTES_MAX) {
      return NOT_PLAIN;
    }
    if (node != null && node.slot() >= 0) {
      if (behind == at && at - from <= INTEGER_CHARS_MAX) {
        scalars.setInteger(node.slot(), whole > from ? -value : value);
      } else {
        scalars.setDecimal(node.slot(), string(from, behind));
      }
    }
    hash = hash(DataWalk.NUMBER, from, behind);
    return behind;
  }

  private boolean isDigit(int at) {
    return at < end && bytes[at] >= '0' && bytes[at] <= '9';
  }

  private int fraction(int at) {
    return is(at, '.') ? digits(at + 1) : at;
  }

  private int exponent(int at) {
    if (at == NOT_PLAIN || !(is(at, 'e') || is(at, 'E'))) {
      return at;
    }
    return digits(is(at + 1, '+') || is(at + 1, '-') ? at + 2 : at + 1);
  }

  private int digits(int from) {
    int at = from;
    while (isDigit(at)) {
      at++;
    }
    return at == from ? NOT_PLAIN : at;
  }

  private int word(int from, String word, long wordHash, PathTree.@Nullable Node node) {
    for (int i = 0; i < word.length(); i++) {
      if (!is(from + i, word.charAt(i))) {
        return NOT_PLAIN;
      }
    }
    if (node != null && node.slot() >= 0) {
      if (wordHash == NULL) {
        scalars.setNull(node.slot());
      } else {
        scalars.setBoolean(node.slot(), wordHash == TRUE);
      }
    }
    hash = wordHash;
    return from + word.length();
  }
}
