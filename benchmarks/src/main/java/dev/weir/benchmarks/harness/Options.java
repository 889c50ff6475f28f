package dev.weir.benchmarks.harness;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The options of one command line, each declared before. Reading throws {@link UsageFailure} with the
 * name of the option, what it may be and what was given.
 */
public final class Options {

  private static final String NUMBER = "[0-9][0-9_]{0,18}";

  private final Map<String, Option> declared = new HashMap<>();
  private final Map<String, String> given = new HashMap<>();
  private final Set<String> flags = new HashSet<>();

  private Options(List<Option> declared) {
    declared.forEach(option -> {
      if (this.declared.put(option.name(), option) != null) {
        throw new IllegalArgumentException(option.name() + " is declared twice");
      }
    });
  }

  /** Reads {@code --name value}, {@code --name=value} and flags. */
  public static Options parse(List<Option> declared, List<String> words) {
    Options options = new Options(declared);
    for (int at = 0; at < words.size(); at++) {
      String word = words.get(at);
      int equals = word.indexOf('=');
      Option option = options.named(equals < 0 ? word : word.substring(0, equals));
      if (option.isFlag()) {
        options.flag(option, equals < 0);
      } else if (equals >= 0) {
        options.give(option, word.substring(equals + 1));
      } else if (++at < words.size()) {
        options.give(option, words.get(at));
      } else {
        throw new UsageFailure("--" + option.name() + " needs a value: " + option.form());
      }
    }
    return options;
  }

  private Option named(String word) {
    Option option = word.startsWith("--") ? declared.get(word.substring(2)) : null;
    if (option == null) {
      throw new UsageFailure("there is no option '%s'; there are %s"
          .formatted(
              word,
              declared.keySet().stream()
                  .sorted()
                  .map(name -> "--" + name)
                  .collect(Collectors.joining(", "))));
    }
    return option;
  }

  private void flag(Option option, boolean bare) {
    if (!bare) {
      throw new UsageFailure("--" + option.name() + " takes no value");
    }
    flags.add(option.name());
  }

  private void give(Option option, String value) {
    if (given.put(option.name(), value) != null) {
      throw new UsageFailure("--" + option.name() + " is given twice");
    }
  }

  private Option declared(String name) {
    Option option = declared.get(name);
    if (option == null) {
      throw new IllegalArgumentException(name + " is not declared");
    }
    return option;
  }

  /** Whether there is such an option at all. */
  public boolean isDeclared(String name) {
    return declared.containsKey(name);
  }

  /** Whether it stands on the command line. */
  public boolean isGiven(String name) {
    return given.containsKey(declared(name).name());
  }

  /** The value that was given, or the one that stands for it. */
  public String text(String name) {
    return given.getOrDefault(name, declared(name).fallback());
  }

  public boolean flag(String name) {
    return flags.contains(declared(name).name());
  }

  /** A relative path counts from where the command was called. */
  public Path path(String name) {
    return Path.of(text(name)).toAbsolutePath().normalize();
  }

  /** A whole number; underscores may stand between its digits. */
  public long number(String name, long min, long max) {
    return number(name, text(name), min, max);
  }

  /** A whole number above 0 that an int holds. */
  public int count(String name) {
    return (int) number(name, 1, Integer.MAX_VALUE);
  }

  /** A whole number from 0 that an int holds. */
  public int countOrNone(String name) {
    return (int) number(name, 0, Integer.MAX_VALUE);
  }

  /** Whole numbers above 0 with commas between them. */
  public List<Long> numbers(String name) {
    return Arrays.stream(text(name).split(",", -1))
        .map(text -> number(name, text.strip(), 1, Long.MAX_VALUE))
        .toList();
  }

  /** One of the constants, by its name in small letters. */
  public <E extends Enum<E>> E choice(String name, Class<E> type) {
    String text = text(name);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new UsageFailure("--%s must be %s, not '%s'"
            .formatted(
                name,
                Arrays.stream(type.getEnumConstants())
                    .map(Options::word)
                    .collect(Collectors.joining(" or ")),
                text)));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static long number(String name, String text, long min, long max) {
    if (text.matches(NUMBER)) {
      try {
        long value = Long.parseLong(text.replace("_", ""));
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Beyond a long; refused below.
      }
    }
    throw new UsageFailure("--%s must be a whole number %s, not '%s'"
        .formatted(
            name,
            max >= Integer.MAX_VALUE
                ? "of at least " + min
                : String.format(Locale.ROOT, "from %d to %d", min, max),
            text));
  }
}
