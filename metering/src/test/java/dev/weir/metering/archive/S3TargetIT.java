package dev.weir.metering.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.archive.S3Options.S3Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract, and what only S3 has, against a local server that speaks it. */
final class S3TargetIT extends ArchiveTargetContract {

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String prefix = "run-" + RUNS.incrementAndGet() + "/journal/";

  @Override
  ArchiveTarget open() {
    return new S3Target(S3Server.shared().options(prefix));
  }

  private static S3Client client() {
    return S3Client.builder()
        .endpointOverride(S3Server.shared().endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
            S3Server.CREDENTIALS.accessKey(), S3Server.CREDENTIALS.secretKey())))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .build();
  }

  @Test
  void objectsLieUnderThePrefixInTheBucket() throws IOException {
    try (ArchiveTarget target = open()) {
      target.put("lane-0/a.cq4", Files.write(directory.resolve("one"), new byte[] {7}), 1);
    }

    assertEquals(1, Files.size(S3Server.shared().file(prefix + "lane-0/a.cq4")));
  }

  @Test
  void partsThatACrashLeftAreGivenUpWhenTheNameIsSentAgain() throws IOException {
    try (S3Client client = client();
        ArchiveTarget target = open()) {
      String key = prefix + "large";
      client.createMultipartUpload(request -> request.bucket(S3Server.BUCKET).key(key));
      assertEquals(1, unfinished(client, key));

      target.put("large", Files.write(directory.resolve("large"), new byte[6 << 20]), 6 << 20);

      assertEquals(0, unfinished(client, key));
      assertEquals(Optional.of(6L << 20), target.length("large"));
    }
  }

  @Test
  void aFileShorterThanItsPartsStartsNoUpload() throws IOException {
    try (S3Client client = client();
        ArchiveTarget target = open()) {
      IOException error = assertThrows(
          IOException.class,
          () -> target.put(
              "cut", Files.write(directory.resolve("cut"), new byte[6 << 20]), 11 << 20));

      assertTrue(error.getMessage().contains("cut"), error.getMessage());
      assertEquals(0, unfinished(client, prefix + "cut"));
      assertEquals(List.of(), target.names(""));
    }
  }

  private static int unfinished(S3Client client, String key) {
    return (int)
        client
            .listMultipartUploads(request -> request.bucket(S3Server.BUCKET).prefix(key))
            .uploads()
            .stream()
            .filter(upload -> upload.key().equals(key))
            .count();
  }

  @Test
  void aServerThatIsNotThereIsAnErrorThatNamesThePlaceAndNoSecret() throws IOException {
    S3Options nowhere = new S3Options(
        Optional.of(URI.create("http://127.0.0.1:1")),
        "us-east-1",
        "bucket",
        "p/",
        true,
        Optional.of(new S3Credentials("who", "a-secret-that-stays-one")),
        S3Options.PART_BYTES);

    try (ArchiveTarget target = new S3Target(nowhere)) {
      IOException error = assertThrows(IOException.class, () -> target.names(""));

      assertTrue(
          error.getMessage().contains("s3://bucket/p/ at http://127.0.0.1:1"), error.getMessage());
      assertFalse(error.getMessage().contains("a-secret"), error.getMessage());
    }
    assertFalse(nowhere.toString().contains("a-secret"), nowhere.toString());
    assertFalse(nowhere.toString().contains("who"), nowhere.toString());
  }

  @Test
  void aWrongKeyAndAMissingBucketAreErrorsNotAbsence() throws IOException {
    S3Options good = S3Server.shared().options("p/");
    S3Options wrongKey = new S3Options(
        good.endpoint(),
        good.region(),
        good.bucket(),
        good.prefix(),
        true,
        Optional.of(new S3Credentials("weir-test", "wrong")),
        good.partBytes());
    S3Options noBucket = new S3Options(
        good.endpoint(),
        good.region(),
        "there-is-none",
        good.prefix(),
        true,
        good.credentials(),
        good.partBytes());

    for (S3Options options : List.of(wrongKey, noBucket)) {
      try (ArchiveTarget target = new S3Target(options)) {
        assertThrows(IOException.class, () -> target.names(""), options.bucket());
        assertThrows(
            IOException.class,
            () -> target.put("a", Files.write(directory.resolve("a"), new byte[1]), 1),
            options.bucket());
      }
    }
  }

  @Test
  void refusesOptionsThatS3DoesNotKnow() {
    S3Options good = S3Server.shared().options("");
    assertThrows(
        IllegalArgumentException.class,
        () -> new S3Options(
            good.endpoint(), "r", "b", "no-slash", true, Optional.empty(), S3Options.PART_BYTES));
    assertThrows(
        IllegalArgumentException.class,
        () -> new S3Options(good.endpoint(), "r", "b", "", true, Optional.empty(), 5 << 19));
  }
}
