package dev.weir.gateway.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the settings from all their places, strongest last, and checks them together. */
public final class ConfigReader {

  private record Given(String text, String source) {}

  private final Map<String, Given> given = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ConfigReader() {}

  /**
   * Reads and checks.
   *
   * @param options values from the command line by setting key
   * @param file the file given with --config, or null
   * @param home what a default path is relative to
   * @param processors how many cores to plan for
   * @throws StartFailure with every problem, if there is one
   */
  public static WeirConfig read(
      Map<String, String> environment,
      Map<String, String> options,
      @Nullable Path file,
      Path home,
      int processors) {
    ConfigReader reader = new ConfigReader();
    if (file != null) {
      reader.readFile(file);
    }
    reader.readEnvironment(environment);
    options.forEach((key, text) -> reader.given.put(key, new Given(text, "the command line")));
    return reader.conclude(home, processors);
  }

  private void readFile(Path file) {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("--config %s: cannot be read as a properties file (%s).".formatted(file, e));
    }
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (Settings.ALL.stream().noneMatch(setting -> setting.key().equals(key))) {
        problems.add(
            "%s in %s: there is no such setting; 'weir help' lists them.".formatted(key, file));
      }
      given.put(key, new Given(properties.getProperty(key), file.toString()));
    }
  }

  private void readEnvironment(Map<String, String> environment) {
    for (Setting<?> setting : Settings.ALL) {
      String text = environment.get(setting.variable());
      if (text != null) {
        given.put(setting.key(), new Given(text, setting.variable()));
      }
    }
  }

  private WeirConfig conclude(Path home, int processors) {
    checkAll();
    Values values = this::value;
    if (problems.isEmpty()) {
      problems.addAll(Settings.conflicts(values));
    }
    if (!problems.isEmpty()) {
      throw StartFailure.settings(problems);
    }
    Path directory = given.containsKey(Settings.DATA_DIR.key())
        ? value(Settings.DATA_DIR)
        : home.resolve(value(Settings.DATA_DIR));
    return new WeirConfig(
        directory.toAbsolutePath().normalize(),
        HttpSettings.read(values, processors),
        DatabaseSettings.read(values),
        IdentitySettings.read(values),
        IngestSettings.read(values, processors),
        JournalSettings.read(values),
        EventSettings.read(values),
        UsageSettings.backfill(values),
        UsageSettings.usage(values),
        Settings.stopPatience(values),
        value(Settings.LOGS_FORMAT));
  }

  private void checkAll() {
    for (Setting<?> setting : Settings.ALL) {
      try {
        value(setting);
      } catch (IllegalArgumentException e) {
        Given bad = text(setting);
        problems.add("%s from %s: %s is not allowed; it must be %s."
            .formatted(
                setting.key(),
                bad.source(),
                setting.secret() ? "the value (hidden)" : "'" + bad.text() + "'",
                setting.allowed()));
      }
    }
  }

  private <T> T value(Setting<T> setting) {
    return setting.parse().apply(text(setting).text());
  }

  private Given text(Setting<?> setting) {
    Given found = given.get(setting.key());
    return found == null ? new Given(setting.fallback(), "the default") : found;
  }
}
