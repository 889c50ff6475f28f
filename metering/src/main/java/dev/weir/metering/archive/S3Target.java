package dev.weir.metering.archive;

import dev.weir.metering.archive.S3Options.S3Credentials;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An archive in a bucket of Amazon S3 or of anything that speaks its protocol. An object appears when
 * its last byte has arrived; parts that a crash left are given up before the same name is sent again.
 *
 * <p>The client adds checksums to requests only where the protocol demands them: many servers refuse
 * the newer trailing ones. What was stored is proven by reading it back instead.
 */
public final class S3Target implements ArchiveTarget {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
  private static final String BYTES = "application/octet-stream";

  private final S3Options options;
  private final S3Client client;

  public S3Target(S3Options options) {
    this.options = options;
    S3ClientBuilder builder = S3Client.builder()
        .region(Region.of(options.region()))
        .forcePathStyle(options.pathStyle())
        .credentialsProvider(credentials(options))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClientBuilder(UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(SOCKET_TIMEOUT));
    options.endpoint().ifPresent(builder::endpointOverride);
    client = builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    Optional<S3Credentials> given = options.credentials();
    if (given.isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(given.get().accessKey(), given.get().secretKey()));
  }

  @Override
  public String place() {
    return "s3://%s/%s".formatted(options.bucket(), options.prefix())
        + options.endpoint().map(endpoint -> " at " + endpoint).orElse("");
  }

  @Override
  public void put(String name, Path file, long length) throws IOException {
    String key = key(name);
    if (Files.size(file) < length) {
      throw new EOFException("%s: shorter than %d bytes".formatted(file, length));
    }
    asked(() -> {
      if (length <= options.partBytes()) {
        client.putObject(
            request -> request.bucket(options.bucket()).key(key), body(file, 0, length));
      } else {
        putInParts(key, file, length);
      }
      return key;
    });
  }

  private void putInParts(String key, Path file, long length) {
    abortUploads(key);
    String upload = client
        .createMultipartUpload(request -> request.bucket(options.bucket()).key(key))
        .uploadId();
    try {
      List<CompletedPart> parts = parts(key, upload, file, length);
      client.completeMultipartUpload(request -> request
          .bucket(options.bucket())
          .key(key)
          .uploadId(upload)
          .multipartUpload(list -> list.parts(parts)));
    } catch (SdkException | UncheckedIOException e) {
      abortAfter(e, key, upload);
      throw e;
    }
  }

  private List<CompletedPart> parts(String key, String upload, Path file, long length) {
    List<CompletedPart> parts = new ArrayList<>();
    for (long from = 0; from < length; from += options.partBytes()) {
      int number = parts.size() + 1;
      long size = Math.min(options.partBytes(), length - from);
      String tag = client
          .uploadPart(
              request ->
                  request.bucket(options.bucket()).key(key).uploadId(upload).partNumber(number),
              body(file, from, size))
          .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    }
    return parts;
  }

  /** Gives up what a crash has left of this name: unfinished uploads are stored, and paid, for ever. */
  private void abortUploads(String key) {
    client
        .listMultipartUploadsPaginator(
            request -> request.bucket(options.bucket()).prefix(key))
        .uploads()
        .stream()
        .filter(upload -> upload.key().equals(key))
        .toList()
        .forEach(upload -> abort(key, upload.uploadId()));
  }

  private void abortAfter(RuntimeException failure, String key, String upload) {
    try {
      abort(key, upload);
    } catch (SdkException e) {
      failure.addSuppressed(e);
    }
  }

  private void abort(String key, String upload) {
    client.abortMultipartUpload(
        request -> request.bucket(options.bucket()).key(key).uploadId(upload));
  }

  private static RequestBody body(Path file, long from, long length) {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return new FileSection(file, from, length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        length,
        BYTES);
  }

  @Override
  public Optional<Long> length(String name) throws IOException {
    String key = key(name);
    return asked(() -> {
      try {
        return Optional.of(client
            .headObject(request -> request.bucket(options.bucket()).key(key))
            .contentLength());
      } catch (NoSuchKeyException e) {
        return Optional.empty();
      }
    });
  }

  @Override
  public InputStream open(String name) throws IOException {
    String key = key(name);
    Optional<InputStream> stream = asked(() -> {
      try {
        return Optional.of(
            client.getObject(request -> request.bucket(options.bucket()).key(key)));
      } catch (NoSuchKeyException e) {
        return Optional.empty();
      }
    });
    return stream.orElseThrow(() -> new NoSuchFileException(place() + name));
  }

  @Override
  public List<String> names(String prefix) throws IOException {
    String start = options.prefix() + prefix;
    return asked(() -> client
        .listObjectsV2Paginator(request -> request.bucket(options.bucket()).prefix(start))
        .contents()
        .stream()
        .map(S3Object::key)
        .map(key -> key.substring(options.prefix().length()))
        .sorted()
        .toList());
  }

  @Override
  public void delete(String name) throws IOException {
    String key = key(name);
    asked(() -> client.deleteObject(request -> request.bucket(options.bucket()).key(key)));
  }

  private String key(String name) {
    return options.prefix() + ObjectName.check(name);
  }

  private <T> T asked(Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw new IOException("archive %s: %s".formatted(place(), e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw new IOException("archive %s: %s".formatted(place(), e.getMessage()), e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
