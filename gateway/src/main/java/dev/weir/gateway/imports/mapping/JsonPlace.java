package dev.weir.gateway.imports.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.terminal.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a value is in an object: the name of a property; or a path of RFC 9535 to one value, made of
 * {@code $}, {@code .name}, {@code ['name']} and {@code [0]}.
 *
 * @param steps names (String) and indexes (Integer), outermost first; never empty
 */
record JsonPlace(List<Object> steps) {

  private static final Pattern STEP = Pattern.compile(
      "\\.([\\p{L}\\p{N}_@/-]+)|\\['([^']+)'\\]|\\[\"([^\"]+)\"\\]|\\[([0-9]{1,6})\\]");

  JsonPlace {
    steps = List.copyOf(steps);
  }

  /** Reads a place; refuses a path that could mean several values. */
  static JsonPlace parse(String text) {
    if (!text.startsWith("$")) {
      return new JsonPlace(List.of(text));
    }
    List<Object> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text).region(1, text.length());
    int at = 1;
    while (step.lookingAt()) {
      for (int group = 1; group <= 3; group++) {
        if (step.group(group) != null) {
          steps.add(step.group(group));
        }
      }
      if (step.group(4) != null) {
        steps.add(Integer.valueOf(step.group(4)));
      }
      at = step.end();
      step.region(at, text.length());
    }
    if (at < text.length() || steps.isEmpty()) {
      throw new CommandFailure(
          "--map: '%s' is no path to one value, such as $.usage.tokens or $['total tokens']."
              .formatted(text));
    }
    return new JsonPlace(steps);
  }

  /** The value, or a missing node. */
  JsonNode in(JsonNode object) {
    JsonNode value = object;
    for (Object step : steps) {
      value = step instanceof Integer index ? value.path(index) : value.path(step.toString());
    }
    return value;
  }

  /** The property of the object that the value is in. */
  String root() {
    return steps.get(0).toString();
  }
}
