package dev.weir.metering.meter;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * A path to one scalar inside an event's {@code data}: the definite subset of RFC 9535, that is
 * {@code $}, {@code .name}, {@code ['name']}, {@code ["name"]} and {@code [index]}; in quotes a
 * backslash stands before a quote or another backslash. Wildcards, slices, filters and descendants could
 * select many values and are refused.
 *
 * @param text the path as the user wrote it
 * @param steps names (String) and array indexes (Integer), outermost first; never empty
 */
public record JsonPath(String text, List<Object> steps) {

  private static final int STEPS_MAX = 16;

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /** Parses a path; refuses with {@code METER_PATH_INVALID}, naming the field it came from. */
  public static JsonPath parse(String text, String field) {
    if (!text.startsWith("$")) {
      throw refusal(text, field, "a path starts with '$', for example '$.tokens'");
    }
    if (text.indexOf('\0') >= 0) {
      throw refusal(text.replace('\0', '?'), field, "no property is named with a NUL character");
    }
    List<Object> steps = new ArrayList<>();
    int at = 1;
    while (at < text.length()) {
      at = text.charAt(at) == '.'
          ? dotted(text, at + 1, steps, field)
          : bracketed(text, at, steps, field);
      if (steps.size() > STEPS_MAX) {
        throw refusal(text, field, "a path has at most " + STEPS_MAX + " steps");
      }
    }
    if (steps.isEmpty()) {
      throw refusal(text, field, "'$' alone selects the whole object; name a property in it");
    }
    return new JsonPath(text, steps);
  }

  private static int dotted(String text, int from, List<Object> steps, String field) {
    int to = from;
    while (to < text.length() && isNameCharacter(text.charAt(to))) {
      to++;
    }
    if (to == from) {
      throw refusal(text, field, "only names, ['names'] and [indexes] are understood");
    }
    steps.add(text.substring(from, to));
    return to;
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '@' || c == '/';
  }

  private static int bracketed(String text, int open, List<Object> steps, String field) {
    int inside = open + 1;
    if (text.charAt(open) != '[' || inside >= text.length()) {
      throw refusal(text, field, "only names, ['names'] and [indexes] are understood");
    }
    char quote = text.charAt(inside);
    return quote == '\'' || quote == '"'
        ? quoted(text, inside, steps, field)
        : index(text, inside, steps, field);
  }

  /** A name in quotes, in which a backslash stands before a quote or another backslash. */
  private static int quoted(String text, int open, List<Object> steps, String field) {
    char quote = text.charAt(open);
    StringBuilder name = new StringBuilder();
    int at = open + 1;
    while (at < text.length() && text.charAt(at) != quote) {
      if (text.charAt(at) == '\\') {
        at++;
        if (at == text.length() || "'\"\\".indexOf(text.charAt(at)) < 0) {
          throw refusal(
              text, field, "in a quoted name, \\ stands only before a quote or another \\");
        }
      }
      name.append(text.charAt(at));
      at++;
    }
    if (at + 1 >= text.length() || text.charAt(at + 1) != ']') {
      throw refusal(text, field, "a quoted name must end with the same quote and ']'");
    }
    steps.add(name.toString());
    return at + 2;
  }

  private static int index(String text, int from, List<Object> steps, String field) {
    int end = text.indexOf(']', from);
    if (end < 0 || end == from || end - from > 6) {
      throw refusal(text, field, "an array index is written [0]");
    }
    for (int i = from; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw refusal(text, field, "only names, ['names'] and [indexes] are understood");
      }
    }
    if (end - from > 1 && text.charAt(from) == '0') {
      throw refusal(text, field, "an array index has no zeros before it: write [7], not [007]");
    }
    steps.add(Integer.valueOf(text.substring(from, end)));
    return end + 1;
  }

  private static Refusal refusal(String text, String field, String why) {
    return new Refusal(
        MeteringError.METER_PATH_INVALID, field, "'%s' in %s: %s.".formatted(text, field, why));
  }

  @Override
  public String toString() {
    return text;
  }
}
