package dev.weir.gateway.demo;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.demo.files.CsvColumns;
import dev.weir.gateway.terminal.CommandFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the command line of the demo, one argument after the other. Used once. */
final class DemoArguments {

  private static final Pattern KEY = Pattern.compile("[a-z0-9]+(?:_[a-z0-9]+)*");
  private static final int KEY_CHARS_MAX = 64;
  private static final int INPUTS_MAX = 100;
  private static final int NAMES_MAX = 32;
  private static final int PORT_MAX = 65_535;

  private final List<String> args;
  private int at;

  private final List<Path> inputs = new ArrayList<>();
  private final Map<String, String> meters = new LinkedHashMap<>();
  private final Map<String, String> groupBy = new LinkedHashMap<>();
  private @Nullable String timeColumn;
  private @Nullable String subjectColumn;
  private @Nullable String idColumn;
  private ZoneId zone = ZoneOffset.UTC;
  private @Nullable String mappingOption;
  private @Nullable String generatorOption;
  private long events = DemoOptions.EVENTS_DEFAULT;
  private long seed = DemoOptions.SEED_DEFAULT;
  private int senders = DemoOptions.SENDERS_DEFAULT;
  private int batchEvents = DemoOptions.BATCH_EVENTS_DEFAULT;
  private BodyFormat format = BodyFormat.NDJSON;
  private boolean exit;
  private @Nullable Path data;
  private @Nullable Integer port;

  DemoArguments(List<String> args) {
    this.args = List.copyOf(args);
  }

  DemoOptions parse() {
    while (at < args.size()) {
      String option = args.get(at++);
      if (!ofServer(option) && !ofTraffic(option) && !ofFiles(option)) {
        throw new CommandFailure("Unknown argument '%s'. %s".formatted(option, known()));
      }
    }
    if (inputs.isEmpty() && mappingOption != null) {
      throw new CommandFailure("%s maps the columns of a file; name one with --input FILE.csv."
          .formatted(mappingOption));
    }
    if (!inputs.isEmpty() && generatorOption != null) {
      throw new CommandFailure(
          "%s is for generated traffic; leave it out with --input.".formatted(generatorOption));
    }
    CsvColumns columns = new CsvColumns(timeColumn, subjectColumn, idColumn, meters, groupBy, zone);
    return new DemoOptions(
        inputs, columns, events, seed, senders, batchEvents, format, exit, data, port);
  }

  private static String known() {
    return "The demo understands:\n" + DemoOptions.help();
  }

  private boolean ofServer(String option) {
    switch (option) {
      case "--exit" -> exit = true;
      case "--data" -> data = path(option);
      case "--port" -> port = (int) number(option, 0, PORT_MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofTraffic(String option) {
    switch (option) {
      case "--events" -> {
        events = number(option, 1, DemoOptions.EVENTS_MAX);
        generatorOption = option;
      }
      case "--seed" -> {
        seed = number(option, 0, Long.MAX_VALUE);
        generatorOption = option;
      }
      case "--senders" -> senders = (int) number(option, 1, DemoOptions.SENDERS_MAX);
      case "--batch" -> batchEvents = (int) number(option, 1, DemoOptions.BATCH_EVENTS_MAX);
      case "--format" -> format = format(option);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofFiles(String option) {
    if (option.equals("--input")) {
      inputs.add(path(option));
      checkCount(option, inputs.size(), INPUTS_MAX);
      return true;
    }
    switch (option) {
      case "--time-column" -> timeColumn = value(option);
      case "--subject-column" -> subjectColumn = value(option);
      case "--id-column" -> idColumn = value(option);
      case "--time-zone" -> zone = zone(option);
      case "--meter" -> pair(option, meters);
      case "--group-by" -> pair(option, groupBy);
      default -> {
        return false;
      }
    }
    mappingOption = option;
    return true;
  }

  private String value(String option) {
    if (at == args.size() || args.get(at).isBlank()) {
      throw new CommandFailure("%s needs a value after it.".formatted(option));
    }
    return args.get(at++);
  }

  private long number(String option, long least, long most) {
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

  private Path path(String option) {
    String text = value(option);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CommandFailure("%s: '%s' is no path.".formatted(option, text));
    }
  }

  private ZoneId zone(String option) {
    String text = value(option);
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new CommandFailure(
          "%s: '%s' is no time zone such as UTC, +02:00 or Europe/Berlin.".formatted(option, text));
    }
  }

  private BodyFormat format(String option) {
    String text = value(option);
    for (BodyFormat candidate : BodyFormat.values()) {
      if (candidate.name().toLowerCase(Locale.ROOT).equals(text)) {
        return candidate;
      }
    }
    throw new CommandFailure("%s must be ndjson or json, not '%s'.".formatted(option, text));
  }

  private void pair(String option, Map<String, String> pairs) {
    String text = value(option);
    int equals = text.indexOf('=');
    String key = equals < 0 ? "" : text.substring(0, equals);
    if (!KEY.matcher(key).matches()
        || key.length() > KEY_CHARS_MAX
        || equals == text.length() - 1) {
      throw new CommandFailure(
          "%s must look like some_key=Column with a key of small letters, digits".formatted(option)
              + " and single underscores, not '%s'.".formatted(text));
    }
    if (pairs.put(key, text.substring(equals + 1)) != null) {
      throw new CommandFailure("%s names '%s' twice.".formatted(option, key));
    }
    checkCount(option, pairs.size(), NAMES_MAX);
  }

  private static void checkCount(String option, int count, int most) {
    if (count > most) {
      throw new CommandFailure("%s may be given at most %d times.".formatted(option, most));
    }
  }
}
