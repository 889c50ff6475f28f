package dev.weir.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every setting there is, in the order that help shows them; those of an area are in its class. */
public final class Settings {

  /**
   * What a stop may need when the requests are answered: ten seconds for a database that does not answer,
   * and the rest for what is written to disk and for PostgreSQL's last checkpoint.
   */
  private static final int STOP_AFTER_DRAIN_SECONDS = 30;

  public static final Setting<Path> DATA_DIR = Setting.text(
      "data.dir",
      "data",
      "Directory of everything that Weir keeps.",
      "a path of a directory",
      Path::of);

  static final Setting<Integer> STOP_SECONDS = Setting.autoNumber(
      "stop.seconds",
      STOP_AFTER_DRAIN_SECONDS,
      3_600,
      "How long a stop may take in all before the process ends itself with 3; auto is 30 more than"
          + " http.drain.seconds, which is also the least that is allowed.");

  static final Setting<LogFormat> LOGS_FORMAT = Setting.text(
      "logs.format",
      "text",
      "How log lines on standard error look.",
      "text or json",
      text -> Arrays.stream(LogFormat.values())
          .filter(format -> format.name().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(IllegalArgumentException::new));

  /** All of them. */
  public static final List<Setting<?>> ALL = Stream.of(
          List.of(DATA_DIR),
          HttpSettings.ALL,
          DatabaseSettings.ALL,
          IdentitySettings.ALL,
          IngestSettings.ALL,
          JournalSettings.ALL,
          EventSettings.ALL,
          UsageSettings.ALL,
          List.of(STOP_SECONDS, LOGS_FORMAT))
      .<Setting<?>>flatMap(List::stream)
      .toList();

  private Settings() {}

  static Duration stopPatience(Values values) {
    int seconds = values.of(STOP_SECONDS);
    return Duration.ofSeconds(seconds == 0 ? stopSecondsMin(values) : seconds);
  }

  private static int stopSecondsMin(Values values) {
    return values.of(HttpSettings.DRAIN_SECONDS) + STOP_AFTER_DRAIN_SECONDS;
  }

  /** What is allowed by itself may not be together. */
  static List<String> conflicts(Values values) {
    List<String> conflicts = new ArrayList<>();
    int stopSeconds = values.of(STOP_SECONDS);
    if (stopSeconds != 0 && stopSeconds < stopSecondsMin(values)) {
      conflicts.add("%s must be at least %d, as after %s=%d the rest of a stop may take %d s."
          .formatted(
              STOP_SECONDS.key(),
              stopSecondsMin(values),
              HttpSettings.DRAIN_SECONDS.key(),
              values.of(HttpSettings.DRAIN_SECONDS),
              STOP_AFTER_DRAIN_SECONDS));
    }
    conflicts.addAll(HttpSettings.conflicts(values));
    conflicts.addAll(JournalSettings.conflicts(values));
    return conflicts;
  }
}
