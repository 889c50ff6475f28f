package dev.weir.gateway.config;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    if (problems.isEmpty()) {
      checkTogether();
    }
    if (!problems.isEmpty()) {
      throw StartFailure.settings(problems);
    }
    Path directory = given.containsKey(Settings.DATA_DIR.key())
        ? value(Settings.DATA_DIR)
        : home.resolve(value(Settings.DATA_DIR));
    return new WeirConfig(
        directory.toAbsolutePath().normalize(),
        http(processors),
        new WeirConfig.Database(
            value(Settings.DATABASE_URL),
            value(Settings.POSTGRES_PROGRAMS_DIR),
            value(Settings.DATABASE_APP_CONNECTIONS),
            value(Settings.DATABASE_ENGINE_CONNECTIONS)),
        identity(),
        ingest(processors),
        journal(),
        events(),
        new WeirConfig.Backfill(
            value(Settings.BACKFILL_WORKERS), value(Settings.BACKFILL_TENANT_MAX)),
        new WeirConfig.Usage(value(Settings.USAGE_MINUTES_KEPT_MONTHS)),
        stopPatience(),
        value(Settings.LOGS_FORMAT));
  }

  private WeirConfig.Http http(int processors) {
    int eventLoops = value(Settings.HTTP_EVENT_LOOPS);
    return new WeirConfig.Http(
        value(Settings.HTTP_HOST),
        value(Settings.HTTP_PORT),
        value(Settings.HTTP2_PORT),
        eventLoops == 0 ? processors : eventLoops,
        value(Settings.HTTP_DRAIN_SECONDS));
  }

  private WeirConfig.Identity identity() {
    return new WeirConfig.Identity(
        value(Settings.JWT_SECRET),
        value(Settings.ADMIN_EMAIL),
        value(Settings.ADMIN_PASSWORD),
        value(Settings.PASSWORD_THREADS),
        value(Settings.PASSWORD_QUEUE));
  }

  private WeirConfig.Ingest ingest(int processors) {
    int lanes = value(Settings.INGEST_LANES);
    return new WeirConfig.Ingest(
        value(Settings.INGEST_EVENTS_MAX),
        value(Settings.INGEST_BODY_BYTES_MAX),
        lanes == 0 ? Math.max(1, processors / 2) : lanes,
        value(Settings.INGEST_QUEUE_REQUESTS_MAX),
        value(Settings.INGEST_QUEUE_BYTES_MAX),
        value(Settings.DISK_RESERVE_BYTES),
        value(Settings.DEDUP_HORIZON_DAYS),
        value(Settings.DEDUP_IDENTITIES_MAX));
  }

  private WeirConfig.Journal journal() {
    Optional<URI> endpoint = value(Settings.S3_ENDPOINT);
    return new WeirConfig.Journal(
        value(Settings.JOURNAL_RETENTION_DAYS),
        value(Settings.JOURNAL_RETENTION_WITHOUT_ARCHIVE),
        value(Settings.JOURNAL_ARCHIVE),
        new WeirConfig.S3(
            endpoint,
            value(Settings.S3_REGION),
            value(Settings.S3_PATH_STYLE).orElse(endpoint.isPresent()),
            value(Settings.S3_ACCESS_KEY),
            value(Settings.S3_SECRET_KEY)),
        value(Settings.JOURNAL_CACHE_BYTES_MAX),
        value(Settings.JOURNAL_UPKEEP_SECONDS));
  }

  private Duration stopPatience() {
    int seconds = value(Settings.STOP_SECONDS);
    return Duration.ofSeconds(seconds == 0 ? stopSecondsMin() : seconds);
  }

  private int stopSecondsMin() {
    return value(Settings.HTTP_DRAIN_SECONDS) + Settings.STOP_AFTER_DRAIN_SECONDS;
  }

  private void checkStopSeconds() {
    int stopSeconds = value(Settings.STOP_SECONDS);
    if (stopSeconds != 0 && stopSeconds < stopSecondsMin()) {
      problems.add("%s must be at least %d, as after %s=%d the rest of a stop may take %d s."
          .formatted(
              Settings.STOP_SECONDS.key(),
              stopSecondsMin(),
              Settings.HTTP_DRAIN_SECONDS.key(),
              value(Settings.HTTP_DRAIN_SECONDS),
              Settings.STOP_AFTER_DRAIN_SECONDS));
    }
  }

  /** What is allowed by itself may not be together. */
  private void checkTogether() {
    checkStopSeconds();
    if (value(Settings.HTTP2_PORT) != 0
        && value(Settings.HTTP2_PORT).equals(value(Settings.HTTP_PORT))) {
      problems.add("%s must be another port than %s."
          .formatted(Settings.HTTP2_PORT.key(), Settings.HTTP_PORT.key()));
    }
    if (value(Settings.JOURNAL_RETENTION_DAYS).isPresent()
        && value(Settings.JOURNAL_ARCHIVE).isEmpty()
        && !value(Settings.JOURNAL_RETENTION_WITHOUT_ARCHIVE)) {
      problems.add(
          "%s without %s would delete usage for good: name an archive, or accept with %s=true that"
                  .formatted(
                      Settings.JOURNAL_RETENTION_DAYS.key(),
                      Settings.JOURNAL_ARCHIVE.key(),
                      Settings.JOURNAL_RETENTION_WITHOUT_ARCHIVE.key())
              + " old usage can never be derived again.");
    }
    if (value(Settings.S3_ACCESS_KEY).isPresent()
        != value(Settings.S3_SECRET_KEY).isPresent()) {
      problems.add("%s and %s go together: give both or neither."
          .formatted(Settings.S3_ACCESS_KEY.key(), Settings.S3_SECRET_KEY.key()));
    }
  }

  private WeirConfig.Events events() {
    return new WeirConfig.Events(
        value(Settings.EVENTS_INDEX_RECORDS_MAX),
        value(Settings.EVENTS_SEARCH_THREADS),
        Math.max(value(Settings.EVENTS_SEARCH_QUEUE_MAX), value(Settings.EVENTS_SEARCH_THREADS)),
        value(Settings.EVENTS_SEARCH_SECONDS),
        value(Settings.EVENTS_STREAMS_MAX));
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
