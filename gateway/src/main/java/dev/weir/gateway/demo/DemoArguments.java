package dev.weir.gateway.demo;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.demo.files.CsvColumns;
import dev.weir.gateway.terminal.Arguments;
import dev.weir.gateway.terminal.CommandFailure;
import java.nio.file.Path;
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

  private final Arguments args;

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
    this.args = new Arguments(args);
  }

  DemoOptions parse() {
    while (args.hasNext()) {
      String option = args.next();
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
      case "--data" -> data = args.path(option);
      case "--port" -> port = (int) args.number(option, 0, PORT_MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofTraffic(String option) {
    switch (option) {
      case "--events" -> {
        events = args.number(option, 1, DemoOptions.EVENTS_MAX);
        generatorOption = option;
      }
      case "--seed" -> {
        seed = args.number(option, 0, Long.MAX_VALUE);
        generatorOption = option;
      }
      case "--senders" -> senders = (int) args.number(option, 1, DemoOptions.SENDERS_MAX);
      case "--batch" -> batchEvents = (int) args.number(option, 1, DemoOptions.BATCH_EVENTS_MAX);
      case "--format" -> format = format(option);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofFiles(String option) {
    if (option.equals("--input")) {
      inputs.add(args.path(option));
      checkCount(option, inputs.size(), INPUTS_MAX);
      return true;
    }
    switch (option) {
      case "--time-column" -> timeColumn = args.value(option);
      case "--subject-column" -> subjectColumn = args.value(option);
      case "--id-column" -> idColumn = args.value(option);
      case "--time-zone" -> zone = args.zone(option);
      case "--meter" -> pair(option, meters);
      case "--group-by" -> pair(option, groupBy);
      default -> {
        return false;
      }
    }
    mappingOption = option;
    return true;
  }

  private BodyFormat format(String option) {
    String text = args.value(option);
    for (BodyFormat candidate : BodyFormat.values()) {
      if (candidate.name().toLowerCase(Locale.ROOT).equals(text)) {
        return candidate;
      }
    }
    throw new CommandFailure("%s must be ndjson or json, not '%s'.".formatted(option, text));
  }

  private void pair(String option, Map<String, String> pairs) {
    String text = args.value(option);
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
