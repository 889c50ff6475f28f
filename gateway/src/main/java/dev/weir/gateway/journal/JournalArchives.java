package dev.weir.gateway.journal;

import dev.weir.gateway.config.ArchivePlace;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.metering.archive.ArchiveTarget;
import dev.weir.metering.archive.DirectoryTarget;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.archive.Retention;
import dev.weir.metering.archive.S3Options;
import dev.weir.metering.archive.S3Options.S3Credentials;
import dev.weir.metering.archive.S3Target;
import java.time.Duration;
import java.util.Optional;

/** Makes what the settings say of archive and retention. */
public final class JournalArchives {

  private JournalArchives() {}

  /** What upkeep has to do; opens the archive, but does not talk to it yet. */
  public static JournalUpkeep.Options upkeep(WeirConfig.Journal config) {
    return new JournalUpkeep.Options(
        open(config),
        new Retention(config.retentionDays(), config.withoutArchive()),
        config.cacheBytesMax(),
        Duration.ofSeconds(config.upkeepSeconds()));
  }

  /** The archive of the settings; empty when there is none. */
  static Optional<ArchiveTarget> open(WeirConfig.Journal config) {
    return config.archive().map(place -> open(place, config.s3()));
  }

  private static ArchiveTarget open(ArchivePlace place, WeirConfig.S3 s3) {
    if (place.directory().isPresent()) {
      return new DirectoryTarget(place.directory().get());
    }
    Optional<S3Credentials> credentials = s3.accessKey()
        .flatMap(access -> s3.secretKey().map(secret -> new S3Credentials(access, secret)));
    return new S3Target(new S3Options(
        s3.endpoint(),
        s3.region(),
        place.bucket(),
        place.prefix(),
        s3.pathStyle(),
        credentials,
        S3Options.PART_BYTES));
  }
}
