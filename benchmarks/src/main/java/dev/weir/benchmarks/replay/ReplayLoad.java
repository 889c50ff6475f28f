package dev.weir.benchmarks.replay;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What journal to write and read back.
 *
 * @param directory of everything; the journal in it is written unless it is there already
 * @param events in all
 * @param hours that they spread over, evenly
 * @param subjects all alike
 * @param tenants in turn, a request each; the first is the one whose events are counted
 */
record ReplayLoad(Path directory, long events, int hours, int subjects, int tenants) {

  /** Reads {@code --name value} pairs; throws IllegalArgumentException for what is no number. */
  static ReplayLoad parse(String... words) {
    List<String> list = Arrays.asList(words);
    return new ReplayLoad(
        Path.of(value(list, "--dir", "replay-bench")),
        number(list, "--events", "10000000"),
        (int) number(list, "--hours", "2"),
        (int) number(list, "--subjects", "100"),
        (int) number(list, "--tenants", "1"));
  }

  private static long number(List<String> words, String name, String fallback) {
    String text = value(words, name, fallback);
    if (!text.matches("[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(name + " must be a whole number above 0, not " + text);
    }
    return Long.parseLong(text);
  }

  private static String value(List<String> words, String name, String fallback) {
    int at = words.indexOf(name);
    return at < 0 || at + 1 >= words.size() ? fallback : words.get(at + 1);
  }
}
