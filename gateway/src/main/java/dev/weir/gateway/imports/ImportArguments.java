package dev.weir.gateway.imports;

import dev.weir.gateway.client.ServerAddress;
import dev.weir.gateway.csv.CsvFormat;
import dev.weir.gateway.imports.mapping.MappingReader;
import dev.weir.gateway.imports.mapping.Part;
import dev.weir.gateway.imports.reading.FileFormat;
import dev.weir.gateway.imports.reading.ReadOptions;
import dev.weir.gateway.imports.resume.Again;
import dev.weir.gateway.terminal.Arguments;
import dev.weir.gateway.terminal.CommandFailure;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the command line of an import, one word after the other. Used once. */
final class ImportArguments {

  static final String KEY_VARIABLE = ServerAddress.KEY_VARIABLE;
  static final int BATCH_DEFAULT = 1_000;
  static final int BATCH_MAX = 10_000;
  static final int CONNECTIONS_DEFAULT = 4;
  static final int CONNECTIONS_MAX = 64;
  static final long REFUSED_MAX_DEFAULT = 10_000;
  private static final int FILES_MAX = 10_000;
  private static final int ID_PREFIX_CHARS_MAX = 200;

  private final Arguments words;
  private final Map<String, String> environment;
  private final List<String> files = new ArrayList<>();
  private final List<Consumer<MappingReader>> mappingOptions = new ArrayList<>();
  private @Nullable Path mappingFile;
  private @Nullable String url;
  private @Nullable String key;
  private @Nullable FileFormat format;
  private @Nullable Character delimiter;
  private Charset charset = StandardCharsets.UTF_8;
  private @Nullable List<String> columns;
  private int batchRows = BATCH_DEFAULT;
  private int connections = CONNECTIONS_DEFAULT;
  private boolean gzip;
  private long refusedMax = REFUSED_MAX_DEFAULT;
  private Again again = Again.CONTINUE;
  private @Nullable String idPrefix;
  private @Nullable Path stateDirectory;
  private boolean dryRun;
  private boolean help;

  ImportArguments(List<String> words, Map<String, String> environment) {
    this.words = new Arguments(words);
    this.environment = Map.copyOf(environment);
  }

  ImportOptions parse() {
    while (words.hasNext()) {
      String word = words.next();
      if (word.equals(ImportOptions.STANDARD_INPUT) || !word.startsWith("-")) {
        addFile(word);
      } else if (!ofServer(word) && !ofReading(word) && !ofMapping(word) && !ofRun(word)) {
        throw new CommandFailure(
            "There is no option '%s'; 'weir import --help' lists them.".formatted(word));
      }
    }
    MappingReader mapping = new MappingReader();
    if (mappingFile != null) {
      mapping.file("--mapping", mappingFile);
    }
    mappingOptions.forEach(option -> option.accept(mapping));
    requireWhatIsNeeded();
    return new ImportOptions(
        files,
        ServerAddress.of(url, environment),
        key(),
        new ReadOptions(format, delimiter, charset, columns),
        mapping.conclude(),
        new ImportOptions.Sending(batchRows, connections, gzip, refusedMax),
        again,
        idPrefix,
        stateDirectory,
        dryRun,
        help);
  }

  private void requireWhatIsNeeded() {
    if (help) {
      return;
    }
    if (files.isEmpty()) {
      throw new CommandFailure(
          "Name a file to import, or '-' for standard input; 'weir import --help' shows how.");
    }
    if (!dryRun && key().isEmpty()) {
      throw new CommandFailure(
          "An API key with the scope 'ingest' is needed: set %s, or give --key KEY."
              .formatted(KEY_VARIABLE));
    }
    if (idPrefix != null && files.size() > 1) {
      throw new CommandFailure("--id-prefix is for one file: rows of two would share their ids.");
    }
  }

  private void addFile(String word) {
    if (word.equals(ImportOptions.STANDARD_INPUT) && files.contains(word)) {
      throw new CommandFailure("Standard input can be read only once.");
    }
    if (files.size() == FILES_MAX) {
      throw new CommandFailure("At most %d files at once.".formatted(FILES_MAX));
    }
    files.add(word);
  }

  private boolean ofServer(String option) {
    switch (option) {
      case "--url" -> url = words.value(option);
      case "--key" -> key = words.value(option);
      case "--batch" -> batchRows = (int) words.number(option, 1, BATCH_MAX);
      case "--connections" -> connections = (int) words.number(option, 1, CONNECTIONS_MAX);
      case "--gzip" -> gzip = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofReading(String option) {
    switch (option) {
      case "--format" -> format = format(option);
      case "--delimiter" -> delimiter = delimiter(option);
      case "--charset" -> charset = charset(option);
      case "--columns" -> columns = List.of(words.value(option).split(",", -1));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean ofMapping(String option) {
    switch (option) {
      case "--mapping" -> mappingFile = words.path(option);
      case "--type" -> constant(Part.TYPE, option);
      case "--source" -> constant(Part.SOURCE, option);
      case "--subject" -> constant(Part.SUBJECT, option);
      case MappingReader.MAP -> {
        String text = words.value(option);
        mappingOptions.add(mapping -> mapping.map(option, text));
      }
      case MappingReader.TIME_FORMAT -> {
        String text = words.value(option);
        mappingOptions.add(mapping -> mapping.timeFormat(text));
      }
      case MappingReader.TIME_ZONE -> {
        ZoneId zone = words.zone(option);
        mappingOptions.add(mapping -> mapping.zone(zone));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void constant(Part part, String option) {
    String value = words.value(option);
    mappingOptions.add(mapping -> mapping.constant(part, value));
  }

  private boolean ofRun(String option) {
    switch (option) {
      case "--restart" -> again(Again.RESTART);
      case "--new" -> again(Again.NEW);
      case "--id-prefix" -> idPrefix = idPrefix(option);
      case "--state-dir" -> stateDirectory = words.path(option);
      case "--rejected-max" -> refusedMax = words.number(option, 0, Long.MAX_VALUE);
      case "--dry-run" -> dryRun = true;
      case "--help", "-h" -> help = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private void again(Again wanted) {
    if (again != Again.CONTINUE && again != wanted) {
      throw new CommandFailure(
          "--restart and --new exclude each other: the one keeps the rows' ids, the other does not.");
    }
    again = wanted;
  }

  private String idPrefix(String option) {
    String text = words.value(option).strip();
    if (text.length() > ID_PREFIX_CHARS_MAX) {
      throw new CommandFailure(
          "%s may have at most %d characters.".formatted(option, ID_PREFIX_CHARS_MAX));
    }
    return text;
  }

  private FileFormat format(String option) {
    String text = words.value(option);
    return switch (text) {
      case "csv" -> FileFormat.CSV;
      case "ndjson" -> FileFormat.NDJSON;
      default ->
        throw new CommandFailure("%s must be csv or ndjson, not '%s'.".formatted(option, text));
    };
  }

  private char delimiter(String option) {
    String text = words.raw(option);
    String character = switch (text) {
      case "comma" -> ",";
      case "semicolon" -> ";";
      case "tab", "\\t" -> "\t";
      case "pipe" -> "|";
      default -> text;
    };
    if (character.length() == 1 && CsvFormat.isDelimiter(character.charAt(0))) {
      return character.charAt(0);
    }
    throw new CommandFailure(
        "%s must be comma, semicolon, tab, pipe or one other ASCII character, not '%s'."
            .formatted(option, text));
  }

  private Charset charset(String option) {
    String text = words.value(option);
    for (String name : CsvFormat.CHARSETS) {
      if (name.equalsIgnoreCase(text) || Charset.forName(name).aliases().contains(text)) {
        return Charset.forName(name);
      }
    }
    throw new CommandFailure("%s must be one of %s, not '%s'."
        .formatted(option, String.join(", ", CsvFormat.CHARSETS), text));
  }

  private String key() {
    return ServerAddress.key(key, environment);
  }
}
