package dev.weir.gateway.config;

import dev.weir.gateway.identity.PasswordRule;
import dev.weir.gateway.postgres.DatabaseUrl;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Every setting there is, in the order that help shows them. */
public final class Settings {

  /** The text of a number that Weir works out from the machine. */
  public static final String AUTO = "auto";

  /** The text of a horizon that is never reached. */
  public static final String UNLIMITED = "unlimited";

  /**
   * What a stop may need when the requests are answered: ten seconds for a database that does not answer,
   * and the rest for what is written to disk and for PostgreSQL's last checkpoint.
   */
  static final int STOP_AFTER_DRAIN_SECONDS = 30;

  private static final int DEDUP_HORIZON_DAYS_MAX = 36_500;
  private static final int MINUTES_KEPT_MONTHS_MAX = 1_200;
  private static final int RETENTION_DAYS_MAX = 36_500;
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");
  private static final int SECRET_BYTES_MIN = 32;

  public static final Setting<Path> DATA_DIR = setting(
      "data.dir",
      "data",
      "Directory of everything that Weir keeps.",
      "a path of a directory",
      Path::of);

  public static final Setting<String> HTTP_HOST = setting(
      "http.host",
      "127.0.0.1",
      "Address to listen on; 0.0.0.0 for every interface.",
      "a host name or address",
      matching(HOST));

  public static final Setting<Integer> HTTP_PORT =
      wholeNumber("http.port", "8080", 0, 65_535, "Port to listen on; 0 picks a free one.");

  public static final Setting<Integer> HTTP2_PORT = wholeNumber(
      "http2.port",
      "0",
      0,
      65_535,
      "Port for HTTP/2 in clear text with prior knowledge, as proxies speak it; 0 for none.");

  public static final Setting<Integer> HTTP_EVENT_LOOPS = autoNumber(
      "http.event.loops", 1, 256, "Event loops that serve HTTP; auto is one for each core.");

  public static final Setting<Integer> HTTP_DRAIN_SECONDS = wholeNumber(
      "http.drain.seconds", "15", 0, 600, "How long a stop waits for requests to be answered.");

  public static final Setting<Optional<DatabaseUrl>> DATABASE_URL = new Setting<>(
      "database.url",
      "",
      true,
      "PostgreSQL to use; empty starts one inside the data directory.",
      DatabaseUrl.FORM,
      text -> text.isEmpty() ? Optional.empty() : Optional.of(DatabaseUrl.parse(text)));

  public static final Setting<Optional<Path>> POSTGRES_PROGRAMS_DIR = setting(
      "postgres.programs.dir",
      "",
      "Where the embedded PostgreSQL's programs are unpacked; empty is below the user's cache.",
      "a path of a directory",
      text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath()));

  public static final Setting<Integer> DATABASE_APP_CONNECTIONS = wholeNumber(
      "database.app.connections.max",
      "12",
      1,
      1_000,
      "Connections that serve tenants' requests and billing runs.");

  public static final Setting<Integer> DATABASE_ENGINE_CONNECTIONS = wholeNumber(
      "database.engine.connections.max", "8", 1, 1_000, "Connections for aggregation and sign-in.");

  public static final Setting<Optional<String>> JWT_SECRET = new Setting<>(
      "jwt.secret",
      "",
      true,
      "Key that signs access tokens; empty generates one, kept in DIR/jwt-secret.",
      "at least 32 bytes of UTF-8",
      text -> optional(text, text.getBytes(StandardCharsets.UTF_8).length >= SECRET_BYTES_MIN));

  public static final Setting<String> ADMIN_EMAIL = setting(
      "admin.email",
      "admin@weir.local",
      "Who the first administrator of an empty database is.",
      "an email address",
      text -> matching(EMAIL).apply(text).toLowerCase(Locale.ROOT));

  public static final Setting<Optional<String>> ADMIN_PASSWORD = new Setting<>(
      "admin.password",
      "",
      true,
      "The first administrator's password; empty generates one, kept in DIR/admin-credentials.",
      PasswordRule.TEXT,
      text -> optional(text, PasswordRule.holds(text)));

  public static final Setting<Integer> PASSWORD_THREADS =
      wholeNumber("password.threads", "2", 1, 64, "Threads that hash passwords, 19 MiB each.");

  public static final Setting<Integer> PASSWORD_QUEUE = wholeNumber(
      "password.queue.max",
      "64",
      1,
      10_000,
      "Sign-ins that may wait for one of them; more are refused with 429.");

  public static final Setting<Integer> INGEST_EVENTS_MAX =
      wholeNumber("ingest.events.max", "10000", 1, 100_000, "Events in one request.");

  public static final Setting<Integer> INGEST_BODY_BYTES_MAX = wholeNumber(
      "ingest.body.bytes.max",
      "8388608",
      1_024,
      12_582_912,
      "Bytes of one request's body, after decompression.");

  public static final Setting<Integer> INGEST_LANES = autoNumber(
      "ingest.lanes", 1, 64, "Single-writer lanes; auto is half the cores, at least one.");

  public static final Setting<Integer> INGEST_QUEUE_REQUESTS_MAX = wholeNumber(
      "ingest.queue.requests.max",
      "4096",
      1,
      1_000_000,
      "Requests that may wait for the lanes, counted once for each lane they touch; more are refused with 429.");

  public static final Setting<Long> INGEST_QUEUE_BYTES_MAX = longNumber(
      "ingest.queue.bytes.max",
      "67108864",
      1_048_576L,
      68_719_476_736L,
      "Bytes of events that may wait for the lanes, counted once for each lane they touch; more are refused with 429.");

  public static final Setting<Long> DISK_RESERVE_BYTES = longNumber(
      "disk.reserve.bytes",
      "536870912",
      0L,
      1_125_899_906_842_624L,
      "Free bytes on the data directory's disk below which ingest is refused.");

  public static final Setting<Integer> DEDUP_HORIZON_DAYS = setting(
      "dedup.horizon.days",
      "35",
      "Days an event id is remembered at least after it was received; unlimited for ever.",
      UNLIMITED + " or " + range(1, DEDUP_HORIZON_DAYS_MAX),
      text ->
          text.equals(UNLIMITED) ? 0 : Math.toIntExact(number(text, 1, DEDUP_HORIZON_DAYS_MAX)));

  public static final Setting<Long> DEDUP_IDENTITIES_MAX = longNumber(
      "dedup.identities.max",
      "100000000",
      1_000L,
      100_000_000_000L,
      "Event ids remembered in all lanes together; beyond it ingest is refused.");

  public static final Setting<Optional<Integer>> JOURNAL_RETENTION_DAYS = setting(
      "journal.retention.days",
      UNLIMITED,
      "Days a cycle of the journal stays on this disk after its hour; it must be archived to go.",
      UNLIMITED + " or " + range(1, RETENTION_DAYS_MAX),
      text -> text.equals(UNLIMITED)
          ? Optional.empty()
          : Optional.of(Math.toIntExact(number(text, 1, RETENTION_DAYS_MAX))));

  public static final Setting<Boolean> JOURNAL_RETENTION_WITHOUT_ARCHIVE = flag(
      "journal.retention.without.archive",
      "false",
      "Delete old cycles although no archive has them: their usage can never be derived again.");

  public static final Setting<Optional<ArchivePlace>> JOURNAL_ARCHIVE = setting(
      "journal.archive",
      "",
      "Where closed cycles are copied to; empty for nowhere.",
      ArchivePlace.FORM,
      text -> text.isEmpty() ? Optional.empty() : Optional.of(ArchivePlace.parse(text)));

  public static final Setting<Optional<URI>> S3_ENDPOINT = setting(
      "journal.archive.s3.endpoint",
      "",
      "The server that speaks S3; empty for Amazon's.",
      "http:// or https://, a host, and a port if need be",
      text -> text.isEmpty() ? Optional.empty() : Optional.of(ArchivePlace.endpoint(text)));

  public static final Setting<String> S3_REGION = setting(
      "journal.archive.s3.region",
      "us-east-1",
      "The bucket's region, as requests are signed for.",
      "letters, digits and dashes",
      matching(REGION));

  public static final Setting<Optional<Boolean>> S3_PATH_STYLE = setting(
      "journal.archive.s3.path.style",
      AUTO,
      "Whether the bucket is named in the path, not in the host name; auto when there is an endpoint.",
      AUTO + ", true or false",
      text -> text.equals(AUTO) ? Optional.empty() : Optional.of(truth(text)));

  public static final Setting<Optional<String>> S3_ACCESS_KEY = new Setting<>(
      "journal.archive.s3.access.key",
      "",
      true,
      "Access key; empty to look where Amazon's tools do.",
      "a text without blanks",
      text -> optional(text, !text.contains(" ")));

  public static final Setting<Optional<String>> S3_SECRET_KEY = new Setting<>(
      "journal.archive.s3.secret.key",
      "",
      true,
      "Secret key to it.",
      "a text without blanks",
      text -> optional(text, !text.contains(" ")));

  public static final Setting<Long> JOURNAL_CACHE_BYTES_MAX = longNumber(
      "journal.cache.bytes.max",
      "4294967296",
      0L,
      1_125_899_906_842_624L,
      "Bytes of cycles fetched back from the archive that stay on this disk.");

  public static final Setting<Integer> JOURNAL_UPKEEP_SECONDS = wholeNumber(
      "journal.upkeep.seconds",
      "60",
      1,
      86_400,
      "How often closed cycles are looked for to seal, archive or delete.");

  public static final Setting<Integer> EVENTS_INDEX_RECORDS_MAX = wholeNumber(
      "events.index.records.max",
      "262144",
      1_024,
      16_777_216,
      "Events indexed in memory before they are written to disk, 42 bytes each.");

  public static final Setting<Integer> EVENTS_SEARCH_THREADS =
      wholeNumber("events.search.threads", "2", 1, 64, "Searches for events that run at once.");

  public static final Setting<Integer> EVENTS_SEARCH_QUEUE_MAX = wholeNumber(
      "events.search.queue.max",
      "64",
      1,
      10_000,
      "Searches for events that run or wait; more are refused with 429.");

  public static final Setting<Integer> EVENTS_SEARCH_SECONDS =
      wholeNumber("events.search.seconds", "10", 1, 25, "How long a search for events may take.");

  public static final Setting<Integer> EVENTS_STREAMS_MAX = wholeNumber(
      "events.streams.max",
      "100",
      0,
      10_000,
      "Live streams of events at once, up to 1 MiB each; more are refused with 429.");

  public static final Setting<Integer> BACKFILL_WORKERS = wholeNumber(
      "backfill.workers",
      "1",
      0,
      64,
      "Backfills of meters at once, a thread each; others wait. 0 lets all wait.");

  public static final Setting<Integer> BACKFILL_TENANT_MAX = wholeNumber(
      "backfill.tenant.max",
      "10",
      1,
      1_000,
      "Backfills of one tenant that run or wait; more are refused with 422.");

  public static final Setting<Integer> USAGE_MINUTES_KEPT_MONTHS = setting(
      "usage.minutes.kept.months",
      UNLIMITED,
      "Whole months before the present one whose usage is kept by minutes; older usage by hours and days"
          + " of UTC. What is not billed yet is kept by minutes however old it is.",
      UNLIMITED + " or " + range(1, MINUTES_KEPT_MONTHS_MAX),
      text ->
          text.equals(UNLIMITED) ? 0 : Math.toIntExact(number(text, 1, MINUTES_KEPT_MONTHS_MAX)));

  public static final Setting<Integer> STOP_SECONDS = autoNumber(
      "stop.seconds",
      STOP_AFTER_DRAIN_SECONDS,
      3_600,
      "How long a stop may take in all before the process ends itself with 3; auto is 30 more than"
          + " http.drain.seconds, which is also the least that is allowed.");

  public static final Setting<LogFormat> LOGS_FORMAT = setting(
      "logs.format",
      "text",
      "How log lines on standard error look.",
      "text or json",
      text -> Arrays.stream(LogFormat.values())
          .filter(format -> format.name().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(IllegalArgumentException::new));

  /** All of them. */
  public static final List<Setting<?>> ALL = List.of(
      DATA_DIR,
      HTTP_HOST,
      HTTP_PORT,
      HTTP2_PORT,
      HTTP_EVENT_LOOPS,
      HTTP_DRAIN_SECONDS,
      DATABASE_URL,
      POSTGRES_PROGRAMS_DIR,
      DATABASE_APP_CONNECTIONS,
      DATABASE_ENGINE_CONNECTIONS,
      JWT_SECRET,
      ADMIN_EMAIL,
      ADMIN_PASSWORD,
      PASSWORD_THREADS,
      PASSWORD_QUEUE,
      INGEST_EVENTS_MAX,
      INGEST_BODY_BYTES_MAX,
      INGEST_LANES,
      INGEST_QUEUE_REQUESTS_MAX,
      INGEST_QUEUE_BYTES_MAX,
      DISK_RESERVE_BYTES,
      DEDUP_HORIZON_DAYS,
      DEDUP_IDENTITIES_MAX,
      JOURNAL_RETENTION_DAYS,
      JOURNAL_RETENTION_WITHOUT_ARCHIVE,
      JOURNAL_ARCHIVE,
      S3_ENDPOINT,
      S3_REGION,
      S3_PATH_STYLE,
      S3_ACCESS_KEY,
      S3_SECRET_KEY,
      JOURNAL_CACHE_BYTES_MAX,
      JOURNAL_UPKEEP_SECONDS,
      EVENTS_INDEX_RECORDS_MAX,
      EVENTS_SEARCH_THREADS,
      EVENTS_SEARCH_QUEUE_MAX,
      EVENTS_SEARCH_SECONDS,
      EVENTS_STREAMS_MAX,
      BACKFILL_WORKERS,
      BACKFILL_TENANT_MAX,
      USAGE_MINUTES_KEPT_MONTHS,
      STOP_SECONDS,
      LOGS_FORMAT);

  private Settings() {}

  private static <T> Setting<T> setting(
      String key, String fallback, String meaning, String allowed, Function<String, T> parse) {
    return new Setting<>(key, fallback, false, meaning, allowed, parse);
  }

  private static Setting<Integer> wholeNumber(
      String key, String fallback, int min, int max, String meaning) {
    return setting(
        key, fallback, meaning, range(min, max), text -> Math.toIntExact(number(text, min, max)));
  }

  private static Setting<Long> longNumber(
      String key, String fallback, long min, long max, String meaning) {
    return setting(key, fallback, meaning, range(min, max), text -> number(text, min, max));
  }

  /** Zero stands for auto. */
  private static Setting<Integer> autoNumber(String key, int min, int max, String meaning) {
    return setting(
        key,
        AUTO,
        meaning,
        AUTO + " or " + range(min, max),
        text -> text.equals(AUTO) ? 0 : Math.toIntExact(number(text, min, max)));
  }

  private static Setting<Boolean> flag(String key, String fallback, String meaning) {
    return setting(key, fallback, meaning, "true or false", Settings::truth);
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException();
    }
    return text.equals("true");
  }

  private static String range(long min, long max) {
    return "a whole number from " + min + " to " + max;
  }

  private static long number(String text, long min, long max) {
    if (DIGITS.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw new IllegalArgumentException();
  }

  private static Function<String, String> matching(Pattern pattern) {
    return text -> {
      if (!pattern.matcher(text).matches()) {
        throw new IllegalArgumentException();
      }
      return text;
    };
  }

  private static Optional<String> optional(String text, boolean allowed) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!allowed) {
      throw new IllegalArgumentException();
    }
    return Optional.of(text);
  }
}
