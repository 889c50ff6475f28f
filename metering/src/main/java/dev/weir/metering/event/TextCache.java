package dev.weir.metering.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives the same String for the same UTF-8 bytes, most of the time without allocating: types and
 * subjects repeat. Direct-mapped and bounded; a collision costs a new String, nothing else. Confined to
 * one thread.
 */
public final class TextCache {

  private static final int SLOTS = 16_384;

  private final byte[][] keys;
  private final @Nullable String[] texts;

  public TextCache() {
    this(SLOTS);
  }

  /**
   * One for few texts.
   *
   * @param slots a power of two
   */
  public TextCache(int slots) {
    keys = new byte[slots][];
    texts = new String[slots];
  }

  /** The text of these bytes. */
  public String get(byte[] bytes, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (keys.length - 1);
    byte[] key = keys[slot];
    String text = texts[slot];
    if (text != null && Arrays.equals(key, 0, key.length, bytes, from, from + length)) {
      return text;
    }
    String fresh = new String(bytes, from, length, StandardCharsets.UTF_8);
    keys[slot] = Arrays.copyOfRange(bytes, from, from + length);
    texts[slot] = fresh;
    return fresh;
  }
}
