package dev.weir.metering.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Finds what follows an element of an array that the parser gave up, if the fault lies within that
 * element: bytes that are no UTF-8, or nesting beyond the parser's bound. Neither hides where the
 * element ends, as every byte with a meaning for the structure is ASCII. After any other fault the
 * structure cannot be trusted.
 *
 * <p>Cost: the element's bytes twice.
 */
final class BrokenElement {

  private static final int NOWHERE = -1;

  private final byte[] body;
  private int end = NOWHERE;
  private int depthMax;

  private BrokenElement(byte[] body) {
    this.body = body;
  }

  /**
   * Where to go on after the element that begins at {@code from}: at the bracket of an array of the
   * remaining elements, or at the body's length when there are none.
   *
   * <p>That bracket is written into the body in place of the comma, which nobody reads again.
   *
   * @return -1 when the fault is another one
   */
  static int skip(byte[] body, int from) {
    BrokenElement element = new BrokenElement(body);
    element.measure(from);
    if (element.end < 0 || (element.depthMax < EventJson.DEPTH_MAX && element.isUtf8(from))) {
      return NOWHERE;
    }
    int next = element.afterBlanks(element.end);
    if (next < body.length && body[next] == ']') {
      return element.afterBlanks(next + 1) == body.length ? body.length : NOWHERE;
    }
    if (next == body.length || body[next] != ',') {
      return NOWHERE;
    }
    int following = element.afterBlanks(next + 1);
    if (following == body.length || body[following] == ']') {
      return NOWHERE;
    }
    body[next] = '[';
    return next;
  }

  /** Finds the end by brackets and quotes alone; leaves it at -1 when there is none. */
  private void measure(int from) {
    int depth = 0;
    boolean text = false;
    for (int at = from; at < body.length; at++) {
      byte b = body[at];
      if (text && b == '\\') {
        at++;
      } else if (b == '"') {
        text = !text;
      } else if (!text && (b == '{' || b == '[')) {
        depth++;
        depthMax = Math.max(depthMax, depth);
      } else if (!text && (b == '}' || b == ']')) {
        depth--;
      }
      if (depth == 0 && !text) {
        end = at + 1;
        return;
      }
    }
  }

  private boolean isUtf8(int from) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, from, end - from));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private int afterBlanks(int from) {
    int at = from;
    while (at < body.length && EventDecoder.isBlank(body[at])) {
      at++;
    }
    return at;
  }
}
