package dev.weir.gateway.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The life of the journal's files: how long they stay, and where copies go. */
public final class JournalSettings {

  private static final int RETENTION_DAYS_MAX = 36_500;
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");

  static final Setting<Optional<Integer>> RETENTION_DAYS = Setting.text(
      "journal.retention.days",
      Setting.UNLIMITED,
      "Days a cycle of the journal stays on this disk after its hour; it must be archived to go.",
      Setting.UNLIMITED + " or " + Setting.range(1, RETENTION_DAYS_MAX),
      text -> text.equals(Setting.UNLIMITED)
          ? Optional.empty()
          : Optional.of(Math.toIntExact(Setting.number(text, 1, RETENTION_DAYS_MAX))));

  static final Setting<Boolean> RETENTION_WITHOUT_ARCHIVE = Setting.flag(
      "journal.retention.without.archive",
      "false",
      "Delete old cycles although no archive has them: their usage can never be derived again.");

  public static final Setting<Optional<ArchivePlace>> ARCHIVE = Setting.optional(
      "journal.archive",
      "Where closed cycles are copied to; empty for nowhere.",
      ArchivePlace.FORM,
      ArchivePlace::parse);

  static final Setting<Optional<URI>> S3_ENDPOINT = Setting.optional(
      "journal.archive.s3.endpoint",
      "The server that speaks S3; empty for Amazon's.",
      "http:// or https://, a host, and a port if need be",
      ArchivePlace::endpoint);

  static final Setting<String> S3_REGION = Setting.text(
      "journal.archive.s3.region",
      "us-east-1",
      "The bucket's region, as requests are signed for.",
      "letters, digits and dashes",
      Setting.matching(REGION));

  static final Setting<Optional<Boolean>> S3_PATH_STYLE = Setting.text(
      "journal.archive.s3.path.style",
      Setting.AUTO,
      "Whether the bucket is named in the path, not in the host name; auto when there is an endpoint.",
      Setting.AUTO + ", true or false",
      text -> text.equals(Setting.AUTO) ? Optional.empty() : Optional.of(Setting.truth(text)));

  static final Setting<Optional<String>> S3_ACCESS_KEY = Setting.secret(
      "journal.archive.s3.access.key",
      "Access key; empty to look where Amazon's tools do.",
      "a text without blanks",
      text -> Setting.require(text, !text.contains(" ")));

  static final Setting<Optional<String>> S3_SECRET_KEY = Setting.secret(
      "journal.archive.s3.secret.key",
      "Secret key to it.",
      "a text without blanks",
      text -> Setting.require(text, !text.contains(" ")));

  static final Setting<Long> CACHE_BYTES_MAX = Setting.longNumber(
      "journal.cache.bytes.max",
      "4294967296",
      0L,
      1_125_899_906_842_624L,
      "Bytes of cycles fetched back from the archive that stay on this disk.");

  static final Setting<Integer> UPKEEP_SECONDS = Setting.wholeNumber(
      "journal.upkeep.seconds",
      "60",
      1,
      86_400,
      "How often closed cycles are looked for to seal, archive or delete.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL = List.of(
      RETENTION_DAYS,
      RETENTION_WITHOUT_ARCHIVE,
      ARCHIVE,
      S3_ENDPOINT,
      S3_REGION,
      S3_PATH_STYLE,
      S3_ACCESS_KEY,
      S3_SECRET_KEY,
      CACHE_BYTES_MAX,
      UPKEEP_SECONDS);

  private JournalSettings() {}

  static WeirConfig.Journal read(Values values) {
    Optional<URI> endpoint = values.of(S3_ENDPOINT);
    return new WeirConfig.Journal(
        values.of(RETENTION_DAYS),
        values.of(RETENTION_WITHOUT_ARCHIVE),
        values.of(ARCHIVE),
        new WeirConfig.S3(
            endpoint,
            values.of(S3_REGION),
            values.of(S3_PATH_STYLE).orElse(endpoint.isPresent()),
            values.of(S3_ACCESS_KEY),
            values.of(S3_SECRET_KEY)),
        values.of(CACHE_BYTES_MAX),
        values.of(UPKEEP_SECONDS));
  }

  /** What is allowed by itself may not be together. */
  static List<String> conflicts(Values values) {
    List<String> conflicts = new ArrayList<>();
    if (values.of(RETENTION_DAYS).isPresent()
        && values.of(ARCHIVE).isEmpty()
        && !values.of(RETENTION_WITHOUT_ARCHIVE)) {
      conflicts.add(
          "%s without %s would delete usage for good: name an archive, or accept with %s=true that"
                  .formatted(RETENTION_DAYS.key(), ARCHIVE.key(), RETENTION_WITHOUT_ARCHIVE.key())
              + " old usage can never be derived again.");
    }
    if (values.of(S3_ACCESS_KEY).isPresent() != values.of(S3_SECRET_KEY).isPresent()) {
      conflicts.add("%s and %s go together: give both or neither."
          .formatted(S3_ACCESS_KEY.key(), S3_SECRET_KEY.key()));
    }
    return conflicts;
  }
}
