package dev.weir.metering.event;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the scalars that a {@link PathTree} selects in data that was accepted before, and so is known to
 * be sound: goes over the bytes and looks only at what the paths lead to. What it is not sure of, such as
 * escapes in a selected text, it leaves to the parser that accepted the data: the result is always that of
 * {@link DataWalk}. Confined to one thread. Cost: about a nanosecond a byte, no allocation but for texts
 * that are new to the cache.
 */
public final class DataScan {

  private static final int GIVE_UP = -1;
  private static final int INTEGER_CHARS_MAX = 18;

  private final Scalars scalars = new Scalars();
  private final DataWalk walk = new DataWalk();
  private final TextCache texts;

  private byte[] bytes = new byte[0];
  private int end;

  /** Whether the string that {@link #closingQuote} went over has escapes. */
  private boolean escaped;

  public DataScan(TextCache texts) {
    this.texts = texts;
  }

  /**
   * What the tree selects; valid until the next call.
   *
   * @param length 0 for an event without data
   */
  public Scalars scan(byte[] document, int from, int length, PathTree tree) {
    scalars.reset(tree.size());
    if (length == 0 || tree.size() == 0) {
      return scalars;
    }
    bytes = document;
    end = from + length;
    int at = value(blank(from), tree.root());
    return at != GIVE_UP && blank(at) == end ? scalars : parsed(from, length, tree);
  }

  private Scalars parsed(int from, int length, PathTree tree) {
    try (JsonParser parser = EventJson.FACTORY.createParser(bytes, from, length)) {
      parser.nextToken();
      walk.walk(parser, tree);
      return walk.scalars();
    } catch (IOException e) {
      throw new UncheckedIOException("journaled data does not parse", e);
    }
  }

  /** The first place from here on that is no white space. */
  private int blank(int from) {
    int at = from;
    while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Goes over a value and gives the place behind it. */
  private int value(int at, PathTree.@Nullable Node node) {
    if (at >= end) {
      return GIVE_UP;
    }
    return switch (bytes[at]) {
      case '"' -> text(at, node);
      case '{' -> node == null ? structure(at) : object(at, node);
      case '[' -> node == null ? structure(at) : array(at, node);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(at, node);
      case 't', 'f', 'n' -> word(at, node);
      default -> GIVE_UP;
    };
  }

  private int object(int at, PathTree.Node node) {
    if (node.slot() >= 0) {
      scalars.setStructure(node.slot());
    }
    int next = blank(at + 1);
    if (next < end && bytes[next] == '}') {
      return next + 1;
    }
    while (next < end && bytes[next] == '"') {
      int close = closingQuote(next);
      if (close == GIVE_UP || escaped) {
        return GIVE_UP;
      }
      PathTree.Node child = node.name(bytes, next + 1, close - next - 1);
      next = blank(close + 1);
      if (next >= end || bytes[next] != ':') {
        return GIVE_UP;
      }
      next = value(blank(next + 1), child);
      if (next == GIVE_UP) {
        return GIVE_UP;
      }
      next = blank(next);
      if (next < end && bytes[next] == '}') {
        return next + 1;
      }
      if (next >= end || bytes[next] != ',') {
        return GIVE_UP;
      }
      next = blank(next + 1);
    }
    return GIVE_UP;
  }

  private int array(int at, PathTree.Node node) {
    if (node.slot() >= 0) {
      scalars.setStructure(node.slot());
    }
    int next = blank(at + 1);
    if (next < end && bytes[next] == ']') {
      return next + 1;
    }
    for (int index = 0; next < end; index++) {
      next = value(next, node.index(index));
      if (next == GIVE_UP) {
        return GIVE_UP;
      }
      next = blank(next);
      if (next < end && bytes[next] == ']') {
        return next + 1;
      }
      if (next >= end || bytes[next] != ',') {
        return GIVE_UP;
      }
      next = blank(next + 1);
    }
    return GIVE_UP;
  }

  /** Goes over an object or array that nothing is selected from. */
  private int structure(int from) {
    int depth = 0;
    for (int at = from; at < end; at++) {
      switch (bytes[at]) {
        case '"' -> {
          at = closingQuote(at);
          if (at == GIVE_UP) {
            return GIVE_UP;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          depth--;
          if (depth == 0) {
            return at + 1;
          }
        }
        default -> {
          // Part of a number or word, or between two values.
        }
      }
    }
    return GIVE_UP;
  }

  private int closingQuote(int open) {
    escaped = false;
    for (int at = open + 1; at < end; at++) {
      byte b = bytes[at];
      if (b == '"') {
        return at;
      }
      if (b == '\\') {
        escaped = true;
        at++;
      }
    }
    return GIVE_UP;
  }

  private int text(int at, PathTree.@Nullable Node node) {
    int close = closingQuote(at);
    if (close == GIVE_UP) {
      return GIVE_UP;
    }
    if (node != null && node.slot() >= 0) {
      if (escaped) {
        return GIVE_UP;
      }
      scalars.setText(node.slot(), texts.get(bytes, at + 1, close - at - 1));
    }
    return close + 1;
  }

  private int number(int from, PathTree.@Nullable Node node) {
    int at = bytes[from] == '-' ? from + 1 : from;
    long value = 0;
    int digits = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + (bytes[at] - '0');
      digits++;
      at++;
    }
    if (digits == 0) {
      return GIVE_UP;
    }
    boolean integer = true;
    while (at < end && isInNumber(bytes[at])) {
      integer = false;
      at++;
    }
    if (node != null && node.slot() >= 0) {
      if (integer && at - from <= INTEGER_CHARS_MAX) {
        scalars.setInteger(node.slot(), bytes[from] == '-' ? -value : value);
      } else {
        scalars.setDecimal(node.slot(), texts.get(bytes, from, at - from));
      }
    }
    return at;
  }

  private static boolean isInNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-';
  }

  /** True, false or null; also NaN and infinities look like words, but begin otherwise. */
  private int word(int at, PathTree.@Nullable Node node) {
    int length = bytes[at] == 'f' ? 5 : 4;
    if (at + length > end) {
      return GIVE_UP;
    }
    if (node != null && node.slot() >= 0) {
      if (bytes[at] == 'n') {
        scalars.setNull(node.slot());
      } else {
        scalars.setBoolean(node.slot(), bytes[at] == 't');
      }
    }
    return at + length;
  }
}
