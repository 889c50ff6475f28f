package dev.weir.benchmarks.load;

import java.net.URI;
import java.util.Arrays;
import java.util.List;

/**
 * What to send.
 *
 * @param server where Weir listens
 * @param key an API key with the scopes ingest, read and write
 * @param eventsPerSecond the constant rate
 * @param batchEvents events in a request
 * @param connections keep-alive connections
 * @param warmUpSeconds sent, but not measured
 * @param seconds measured
 * @param subjects distinct subjects that the events name
 */
public record LoadOptions(
    URI server,
    String key,
    int eventsPerSecond,
    int batchEvents,
    int connections,
    int warmUpSeconds,
    int seconds,
    int subjects) {

  /** Reads {@code --name value} pairs; throws IllegalArgumentException with the usage. */
  public static LoadOptions parse(String... words) {
    List<String> list = Arrays.asList(words);
    return new LoadOptions(
        URI.create(value(list, "--url", "http://127.0.0.1:8080")),
        value(list, "--key", System.getenv().getOrDefault("WEIR_KEY", "")),
        number(list, "--rate", "50000"),
        number(list, "--batch", "1000"),
        number(list, "--connections", "4"),
        number(list, "--warm-up", "10"),
        number(list, "--seconds", "20"),
        number(list, "--subjects", "200"));
  }

  private static int number(List<String> words, String name, String fallback) {
    String text = value(words, name, fallback);
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(name + " must be a whole number above 0, not " + text);
    }
    return Integer.parseInt(text);
  }

  private static String value(List<String> words, String name, String fallback) {
    int at = words.indexOf(name);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : fallback;
  }
}
