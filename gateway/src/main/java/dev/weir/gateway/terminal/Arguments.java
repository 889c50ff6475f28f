package dev.weir.gateway.terminal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words after a command, read one after the other: {@code --option value} or {@code
 * --option=value}. What is wrong is told with the option and what to write instead. Used once.
 */
public final class Arguments {

  private final List<String> words;
  private int at;
  private @Nullable String attached;

  public Arguments(List<String> words) {
    this.words = List.copyOf(words);
  }

  /** Whether there are words left; fails if the last option was given a value that it does not take. */
  public boolean hasNext() {
    if (attached != null) {
      throw new CommandFailure(
          "%s takes no value; leave out '=%s'.".formatted(name(words.get(at - 1)), attached));
    }
    return at < words.size();
  }

  /** The next option's name, or a word that is no option. */
  public String next() {
    String word = words.get(at++);
    int equals = word.indexOf('=');
    if (word.startsWith("--") && equals > 0) {
      attached = word.substring(equals + 1);
    }
    return name(word);
  }

  private static String name(String word) {
    int equals = word.indexOf('=');
    return word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
  }

  /** The value of the option that was just read. */
  public String value(String option) {
    String value = raw(option);
    if (value.isBlank()) {
      throw missing(option);
    }
    return value;
  }

  /** The same, but the value may be blank. */
  public String raw(String option) {
    String value = attached;
    attached = null;
    if (value == null && at < words.size()) {
      value = words.get(at++);
    }
    if (value == null || value.isEmpty()) {
      throw missing(option);
    }
    return value;
  }

  private static CommandFailure missing(String option) {
    return new CommandFailure("%s needs a value after it.".formatted(option));
  }

  /** A whole number within bounds, both inclusive. */
  public long number(String option, long least, long most) {
    String text = value(option);
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new CommandFailure("%s must be a whole number from %d to %d, not '%s'."
        .formatted(option, least, Math.min(most, 999_999_999_999_999_999L), text));
  }

  public Path path(String option) {
    String text = value(option);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CommandFailure("%s: '%s' is no path.".formatted(option, text));
    }
  }

  public ZoneId zone(String option) {
    return zone(option, value(option));
  }

  /** A time zone by name or offset. */
  public static ZoneId zone(String option, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new CommandFailure(
          "%s: '%s' is no time zone such as UTC, +02:00 or Europe/Berlin.".formatted(option, text));
    }
  }
}
