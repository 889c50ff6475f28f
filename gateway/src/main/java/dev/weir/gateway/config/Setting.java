package dev.weir.gateway.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One thing that can be set.
 *
 * @param key its name in a file; the variable is WEIR_ and the key in capitals, dots as underscores
 * @param fallback the default as text; empty means none
 * @param secret whether its value must never be shown
 * @param meaning what it does, one line
 * @param allowed which values are allowed, as shown when one is not
 * @param parse gives the value, or throws {@link IllegalArgumentException} if it is not allowed
 */
public record Setting<T>(
    String key,
    String fallback,
    boolean secret,
    String meaning,
    String allowed,
    Function<String, T> parse) {

  /** The environment variable that sets it. */
  public String variable() {
    return "WEIR_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
