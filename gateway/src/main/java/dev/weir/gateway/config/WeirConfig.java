package dev.weir.gateway.config;

import dev.weir.gateway.postgres.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * All settings, complete and checked.
 *
 * @param dataDirectory absolute
 * @param stopPatience how long a stop may take in all
 */
public record WeirConfig(
    Path dataDirectory,
    Http http,
    Database database,
    Identity identity,
    Ingest ingest,
    Journal journal,
    Events events,
    Backfill backfill,
    Usage usage,
    Duration stopPatience,
    LogFormat logFormat) {

  /**
   * Where and how to listen.
   *
   * @param port 0 picks a free one
   * @param http2Port for HTTP/2 in clear text; 0 for none
   */
  public record Http(String host, int port, int http2Port, int eventLoops, int drainSeconds) {}

  /**
   * Which PostgreSQL, and how many connections.
   *
   * @param url empty for the embedded server
   * @param programsDirectory where the embedded server's programs go; empty for the user's cache
   */
  public record Database(
      Optional<DatabaseUrl> url,
      Optional<Path> programsDirectory,
      int appConnectionsMax,
      int engineConnectionsMax) {}

  /** Sign-in. */
  public record Identity(
      Optional<String> jwtSecret,
      String adminEmail,
      Optional<String> adminPassword,
      int passwordThreads,
      int passwordQueueMax) {

    @Override
    public String toString() {
      return "Identity[adminEmail=" + adminEmail + "]";
    }
  }

  /**
   * Bounds of ingest.
   *
   * @param bodyBytesMax after decompression
   * @param queueRequestsMax for all lanes together
   * @param queueBytesMax for all lanes together
   * @param flushSpacingMicros from the beginning of a lane's flush to the next, when many wait
   * @param dedupHorizonDays 0 is unlimited
   * @param dedupIdentitiesMax for all lanes together
   */
  public record Ingest(
      int eventsMax,
      int bodyBytesMax,
      int lanes,
      int queueRequestsMax,
      long queueBytesMax,
      int flushSpacingMicros,
      long diskReserveBytes,
      int dedupHorizonDays,
      long dedupIdentitiesMax) {}

  /**
   * The life of the journal's files.
   *
   * @param retentionDays how long they stay on the local disk; empty for ever
   * @param withoutArchive whether they may be deleted although no archive has them
   * @param cacheBytesMax of what was fetched back from the archive
   * @param s3 what a bucket needs
   */
  public record Journal(
      Optional<Integer> retentionDays,
      boolean withoutArchive,
      Optional<ArchivePlace> archive,
      S3 s3,
      long cacheBytesMax,
      int upkeepSeconds) {}

  /** How to reach a bucket. */
  public record S3(
      Optional<URI> endpoint,
      String region,
      boolean pathStyle,
      Optional<String> accessKey,
      Optional<String> secretKey) {

    @Override
    public String toString() {
      return "S3[endpoint=%s, region=%s]".formatted(endpoint, region);
    }
  }

  /**
   * How usage is kept.
   *
   * @param minutesKeptMonths 0 for ever
   */
  public record Usage(int minutesKeptMonths) {}

  /**
   * Bounds of finding events again.
   *
   * @param indexRecordsMax records of all lanes together that are indexed in memory before they are
   *     written
   * @param searchesMax searches that run or wait
   */
  public record Events(
      int indexRecordsMax, int searchThreads, int searchesMax, int searchSeconds, int streamsMax) {}

  /**
   * Bounds of counting meters' pasts.
   *
   * @param workers backfills at once
   * @param perTenantMax that run or wait
   */
  public record Backfill(int workers, int perTenantMax) {}
}
