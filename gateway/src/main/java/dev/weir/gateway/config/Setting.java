package dev.weir.gateway.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

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

  /** The text of a number that Weir works out from the machine. */
  static final String AUTO = "auto";

  /** The text of a horizon that is never reached. */
  static final String UNLIMITED = "unlimited";

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /** The environment variable that sets it. */
  public String variable() {
    return "WEIR_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  static <T> Setting<T> text(
      String key, String fallback, String meaning, String allowed, Function<String, T> parse) {
    return new Setting<>(key, fallback, false, meaning, allowed, parse);
  }

  /** Empty unless it is set. */
  static <T> Setting<Optional<T>> optional(
      String key, String meaning, String allowed, Function<String, T> parse) {
    return text(key, "", meaning, allowed, ifAny(parse));
  }

  /** Empty unless it is set, and never shown. */
  static <T> Setting<Optional<T>> secret(
      String key, String meaning, String allowed, Function<String, T> parse) {
    return new Setting<>(key, "", true, meaning, allowed, ifAny(parse));
  }

  private static <T> Function<String, Optional<T>> ifAny(Function<String, T> parse) {
    return text -> text.isEmpty() ? Optional.empty() : Optional.of(parse.apply(text));
  }

  static Setting<Integer> wholeNumber(
      String key, String fallback, int min, int max, String meaning) {
    return text(
        key, fallback, meaning, range(min, max), text -> Math.toIntExact(number(text, min, max)));
  }

  static Setting<Long> longNumber(String key, String fallback, long min, long max, String meaning) {
    return text(key, fallback, meaning, range(min, max), text -> number(text, min, max));
  }

  /** Zero stands for auto. */
  static Setting<Integer> autoNumber(String key, int min, int max, String meaning) {
    return numberOr(AUTO, key, AUTO, min, max, meaning);
  }

  /** From 1; zero stands for unlimited. */
  static Setting<Integer> numberOrUnlimited(String key, String fallback, int max, String meaning) {
    return numberOr(UNLIMITED, key, fallback, 1, max, meaning);
  }

  private static Setting<Integer> numberOr(
      String word, String key, String fallback, int min, int max, String meaning) {
    return text(
        key,
        fallback,
        meaning,
        word + " or " + range(min, max),
        text -> text.equals(word) ? 0 : Math.toIntExact(number(text, min, max)));
  }

  static Setting<Boolean> flag(String key, String fallback, String meaning) {
    return text(key, fallback, meaning, "true or false", Setting::truth);
  }

  static boolean truth(String text) {
    return require(text, text.equals("true") || text.equals("false")).equals("true");
  }

  static String range(long min, long max) {
    return "a whole number from " + min + " to " + max;
  }

  static long number(String text, long min, long max) {
    if (DIGITS.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw new IllegalArgumentException();
  }

  static Function<String, String> matching(Pattern pattern) {
    return text -> require(text, pattern.matcher(text).matches());
  }

  /** The text, if it is allowed. */
  static String require(String text, boolean allowed) {
    if (!allowed) {
      throw new IllegalArgumentException();
    }
    return text;
  }
}
