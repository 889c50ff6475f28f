package dev.weir.benchmarks.explorer;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What to write and how often to look.
 *
 * @param directory of the journal; written unless it is there already
 * @param events in the month
 * @param customers with one subject each, all alike
 * @param frameEvents events in a frame
 * @param dataBytes of each event's data
 * @param lookups of each kind
 * @param dropsCaches whether to empty the page cache before each cold look-up; needs root
 */
public record ExplorerLoad(
    Path directory,
    long events,
    int customers,
    int frameEvents,
    int dataBytes,
    int lookups,
    boolean dropsCaches) {

  /** Reads {@code --name value} pairs; throws IllegalArgumentException with the usage. */
  public static ExplorerLoad parse(String... words) {
    List<String> list = Arrays.asList(words);
    return new ExplorerLoad(
        Path.of(value(list, "--dir", "explorer-bench")),
        number(list, "--events", "20000000"),
        (int) number(list, "--customers", "10000"),
        (int) number(list, "--frame", "1000"),
        (int) number(list, "--data", "120"),
        (int) number(list, "--lookups", "10"),
        list.contains("--drop-caches"));
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
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : fallback;
  }

  static String subject(long customer) {
    return String.format(Locale.ROOT, "customer-%05d", customer);
  }
}
