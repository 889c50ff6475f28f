package dev.weir.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeirConfigTest {

  private static final Path HOME = Path.of("/srv/weir");

  @TempDir
  Path temp;

  private static WeirConfig read(Map<String, String> environment) {
    return ConfigReader.read(environment, Map.of(), null, HOME, 8);
  }

  @Test
  void everyDefaultIsWhatTheDocumentationSays() {
    WeirConfig config = read(Map.of());
    assertEquals(HOME.resolve("data"), config.dataDirectory());
    assertEquals(new WeirConfig.Http("127.0.0.1", 8080, 0, 8, 15), config.http());
    assertEquals(
        new WeirConfig.Database(Optional.empty(), Optional.empty(), 12, 8), config.database());
    assertEquals(
        new WeirConfig.Identity(Optional.empty(), "admin@weir.local", Optional.empty(), 2, 64),
        config.identity());
    assertEquals(
        new WeirConfig.Ingest(
            10_000, 8 * 1024 * 1024, 4, 4_096, 64L << 20, 400, 512L << 20, 35, 100_000_000L),
        config.ingest());
    assertEquals(
        new WeirConfig.Journal(
            Optional.empty(),
            false,
            Optional.empty(),
            new WeirConfig.S3(
                Optional.empty(), "us-east-1", false, Optional.empty(), Optional.empty()),
            4L << 30,
            60),
        config.journal());
    assertEquals(new WeirConfig.Usage(0), config.usage());
    assertEquals(LogFormat.TEXT, config.logFormat());
  }

  @Test
  void everySettingHasItsDefaultPinned() {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("data.dir", "data");
    expected.put("http.host", "127.0.0.1");
    expected.put("http.port", "8080");
    expected.put("http2.port", "0");
    expected.put("http.event.loops", "auto");
    expected.put("http.drain.seconds", "15");
    expected.put("database.url", "");
    expected.put("postgres.programs.dir", "");
    expected.put("database.app.connections.max", "12");
    expected.put("database.engine.connections.max", "8");
    expected.put("jwt.secret", "");
    expected.put("admin.email", "admin@weir.local");
    expected.put("admin.password", "");
    expected.put("password.threads", "2");
    expected.put("password.queue.max", "64");
    expected.put("ingest.events.max", "10000");
    expected.put("ingest.body.bytes.max", "8388608");
    expected.put("ingest.lanes", "auto");
    expected.put("ingest.queue.requests.max", "4096");
    expected.put("ingest.queue.bytes.max", "67108864");
    expected.put("ingest.flush.spacing.micros", "400");
    expected.put("disk.reserve.bytes", "536870912");
    expected.put("dedup.horizon.days", "35");
    expected.put("dedup.identities.max", "100000000");
    expected.put("journal.retention.days", "unlimited");
    expected.put("journal.retention.without.archive", "false");
    expected.put("journal.archive", "");
    expected.put("journal.archive.s3.endpoint", "");
    expected.put("journal.archive.s3.region", "us-east-1");
    expected.put("journal.archive.s3.path.style", "auto");
    expected.put("journal.archive.s3.access.key", "");
    expected.put("journal.archive.s3.secret.key", "");
    expected.put("journal.cache.bytes.max", "4294967296");
    expected.put("journal.upkeep.seconds", "60");
    expected.put("events.index.records.max", "262144");
    expected.put("events.search.threads", "2");
    expected.put("events.search.queue.max", "64");
    expected.put("events.search.seconds", "10");
    expected.put("events.streams.max", "100");
    expected.put("backfill.workers", "1");
    expected.put("backfill.tenant.max", "10");
    expected.put("usage.minutes.kept.months", "unlimited");
    expected.put("stop.seconds", "auto");
    expected.put("logs.format", "text");
    assertEquals(
        expected,
        Settings.ALL.stream()
            .collect(Collectors.toMap(
                Setting::key, Setting::fallback, (a, b) -> a, LinkedHashMap::new)));
  }

  @Test
  void aStopMayTakeHalfAMinuteMoreThanTheDrainAndNotLess() {
    assertEquals(Duration.ofSeconds(45), read(Map.of()).stopPatience());
    assertEquals(
        Duration.ofSeconds(90), read(Map.of("WEIR_HTTP_DRAIN_SECONDS", "60")).stopPatience());
    assertEquals(Duration.ofSeconds(45), read(Map.of("WEIR_STOP_SECONDS", "45")).stopPatience());
    StartFailure failure = assertThrows(
        StartFailure.class,
        () -> read(Map.of("WEIR_STOP_SECONDS", "45", "WEIR_HTTP_DRAIN_SECONDS", "16")));
    assertEquals(
        List.of(
            "stop.seconds must be at least 46, as after http.drain.seconds=16 the rest of a stop"
                + " may take 30 s."),
        failure.lines());
    assertThrows(StartFailure.class, () -> read(Map.of("WEIR_STOP_SECONDS", "29")));
    assertThrows(StartFailure.class, () -> read(Map.of("WEIR_STOP_SECONDS", "3601")));
  }

  @Test
  void variablesAreSpelledTheSameInAnyLocale() {
    assertEquals("WEIR_DATABASE_URL", DatabaseSettings.URL.variable());
    assertEquals("WEIR_HTTP_PORT", HttpSettings.PORT.variable());
    assertEquals("WEIR_INGEST_LANES", IngestSettings.LANES.variable());
    assertEquals("WEIR_ADMIN_EMAIL", IdentitySettings.ADMIN_EMAIL.variable());
  }

  @Test
  void oneCoreStillGetsOneLane() {
    WeirConfig config = ConfigReader.read(Map.of(), Map.of(), null, HOME, 1);
    assertEquals(1, config.ingest().lanes());
    assertEquals(1, config.http().eventLoops());
  }

  @Test
  void theCommandLineBeatsTheVariableAndThatTheFile() throws IOException {
    Path file = Files.writeString(
        temp.resolve("weir.properties"),
        "http.port=1001\nhttp.host=0.0.0.0\ningest.lanes=3\nlogs.format=json\n");
    WeirConfig config = ConfigReader.read(
        Map.of("WEIR_HTTP_PORT", "1002", "WEIR_INGEST_LANES", "5"),
        Map.of("http.port", "1003"),
        file,
        HOME,
        8);
    assertEquals(1003, config.http().port());
    assertEquals(5, config.ingest().lanes());
    assertEquals("0.0.0.0", config.http().host());
    assertEquals(LogFormat.JSON, config.logFormat());
  }

  @Test
  void aGivenDataDirectoryIsRelativeToTheWorkingDirectoryNotToTheProgram() {
    assertEquals(
        Path.of("elsewhere").toAbsolutePath(),
        read(Map.of("WEIR_DATA_DIR", "elsewhere")).dataDirectory());
  }

  @Test
  void allProblemsAreReportedTogether() throws IOException {
    Path file =
        Files.writeString(temp.resolve("weir.properties"), "http.prot=1\ndedup.horizon.days=-3\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("WEIR_HTTP_PORT", "70000");
    environment.put("WEIR_LOGS_FORMAT", "xml");
    environment.put("WEIR_INGEST_LANES", "many");
    StartFailure failure = assertThrows(
        StartFailure.class,
        () -> ConfigReader.read(environment, Map.of("data.dir", "\0"), file, HOME, 2));
    assertEquals(StartFailure.SETTINGS, failure.exitCode());
    assertEquals(6, failure.lines().size(), () -> String.join("\n", failure.lines()));
    String text = String.join("\n", failure.lines());
    assertTrue(text.contains("http.prot in "), text);
    assertTrue(
        text.contains("http.port from WEIR_HTTP_PORT: '70000' is not allowed;"
            + " it must be a whole number from 0 to 65535."),
        text);
    assertTrue(text.contains("dedup.horizon.days from " + file), text);
    assertTrue(text.contains("'xml' is not allowed; it must be text or json"), text);
    assertTrue(text.contains("it must be auto or a whole number from 1 to 64"), text);
  }

  @Test
  void thePortsAreTwo() {
    Map<String, String> environment = Map.of("WEIR_HTTP_PORT", "8081", "WEIR_HTTP2_PORT", "8081");
    StartFailure failure = assertThrows(StartFailure.class, () -> read(environment));
    assertEquals(
        "http2.port must be another port than http.port.",
        failure.lines().get(0).strip());
    assertEquals(8082, read(Map.of("WEIR_HTTP2_PORT", "8082")).http().http2Port());
  }

  @Test
  void secretsNeverShow() {
    List<String> secrets = List.of("short-secret", "weak-password", "mysql://u:hunter2@h/d");
    StartFailure failure = assertThrows(
        StartFailure.class,
        () -> read(Map.of(
            "WEIR_JWT_SECRET", secrets.get(0),
            "WEIR_ADMIN_PASSWORD", secrets.get(1),
            "WEIR_DATABASE_URL", secrets.get(2))));
    String text = String.join("\n", failure.lines());
    assertEquals(3, failure.lines().size());
    secrets.forEach(secret -> assertFalse(text.contains(secret), text));
    assertFalse(text.contains("hunter2"), text);
    assertTrue(text.contains("(hidden)"), text);

    String good = "0123456789abcdef0123456789abcdef";
    WeirConfig config = read(Map.of(
        "WEIR_JWT_SECRET", good,
        "WEIR_ADMIN_PASSWORD", "Secret123",
        "WEIR_DATABASE_URL", "postgresql://u:hunter2@h/d"));
    assertEquals(Optional.of(good), config.identity().jwtSecret());
    assertFalse(config.toString().contains(good));
    assertFalse(config.toString().contains("Secret123"));
    assertFalse(config.toString().contains("hunter2"));
  }

  @Test
  void theHorizonIsDaysOrUnlimited() {
    assertEquals(1, read(Map.of("WEIR_DEDUP_HORIZON_DAYS", "1")).ingest().dedupHorizonDays());
    assertEquals(
        36_500, read(Map.of("WEIR_DEDUP_HORIZON_DAYS", "36500")).ingest().dedupHorizonDays());
    assertEquals(
        0, read(Map.of("WEIR_DEDUP_HORIZON_DAYS", "unlimited")).ingest().dedupHorizonDays());
    for (String wrong : List.of("0", "36501", "-1", "", "Unlimited", "1.5")) {
      StartFailure failure = assertThrows(
          StartFailure.class, () -> read(Map.of("WEIR_DEDUP_HORIZON_DAYS", wrong)), wrong);
      assertTrue(
          failure.lines().get(0).contains("must be unlimited or a whole number from 1 to 36500"),
          failure.lines().get(0));
    }
  }

  @Test
  void anArchiveIsADirectoryOrABucket() {
    assertEquals(
        Optional.of(new ArchivePlace(Optional.of(Path.of("/mnt/weir")), "", "")),
        read(Map.of("WEIR_JOURNAL_ARCHIVE", "/mnt/weir/")).journal().archive());
    assertEquals(
        Optional.of(new ArchivePlace(Optional.empty(), "my-bucket", "")),
        read(Map.of("WEIR_JOURNAL_ARCHIVE", "s3://my-bucket")).journal().archive());
    assertEquals(
        Optional.of(new ArchivePlace(Optional.empty(), "my-bucket", "weir/a/")),
        read(Map.of("WEIR_JOURNAL_ARCHIVE", "s3://my-bucket/weir/a")).journal().archive());
    for (String wrong : List.of(
        "s3://", "s3://A", "s3://my-bucket//a", "s3://my-bucket/../b", "s3://b/ä", "http://x/y")) {
      assertThrows(StartFailure.class, () -> read(Map.of("WEIR_JOURNAL_ARCHIVE", wrong)), wrong);
    }
    WeirConfig.S3 s3 = read(Map.of(
            "WEIR_JOURNAL_ARCHIVE_S3_ENDPOINT", "http://localhost:9000",
            "WEIR_JOURNAL_ARCHIVE_S3_ACCESS_KEY", "who",
            "WEIR_JOURNAL_ARCHIVE_S3_SECRET_KEY", "hush-hush"))
        .journal()
        .s3();
    assertEquals(Optional.of(java.net.URI.create("http://localhost:9000")), s3.endpoint());
    assertTrue(s3.pathStyle());
    assertFalse(s3.toString().contains("hush"), s3.toString());
    assertFalse(read(Map.of(
            "WEIR_JOURNAL_ARCHIVE_S3_ENDPOINT", "https://s3.example.com",
            "WEIR_JOURNAL_ARCHIVE_S3_PATH_STYLE", "false"))
        .journal()
        .s3()
        .pathStyle());
    for (String wrong : List.of("localhost:9000", "ftp://x", "http://user:pass@x", "http://x/y")) {
      assertThrows(
          StartFailure.class, () -> read(Map.of("WEIR_JOURNAL_ARCHIVE_S3_ENDPOINT", wrong)), wrong);
    }
  }

  @Test
  void retentionNeedsAnArchiveOrExpressLeave() {
    StartFailure failure =
        assertThrows(StartFailure.class, () -> read(Map.of("WEIR_JOURNAL_RETENTION_DAYS", "30")));
    assertTrue(
        failure.lines().get(0).contains("delete usage for good"),
        failure.lines().get(0));
    assertTrue(
        failure.lines().get(0).contains("journal.retention.without.archive=true"),
        failure.lines().get(0));

    WeirConfig.Journal leave = read(Map.of(
            "WEIR_JOURNAL_RETENTION_DAYS", "30",
            "WEIR_JOURNAL_RETENTION_WITHOUT_ARCHIVE", "true"))
        .journal();
    assertEquals(Optional.of(30), leave.retentionDays());
    assertTrue(leave.withoutArchive());
    assertEquals(
        Optional.of(1),
        read(Map.of("WEIR_JOURNAL_RETENTION_DAYS", "1", "WEIR_JOURNAL_ARCHIVE", "/a"))
            .journal()
            .retentionDays());
    for (String wrong : List.of("0", "36501", "-1", "forever")) {
      assertThrows(
          StartFailure.class, () -> read(Map.of("WEIR_JOURNAL_RETENTION_DAYS", wrong)), wrong);
    }
  }

  @Test
  void oneKeyWithoutTheOtherIsAProblem() {
    StartFailure failure = assertThrows(
        StartFailure.class, () -> read(Map.of("WEIR_JOURNAL_ARCHIVE_S3_ACCESS_KEY", "hush-hush")));
    assertEquals(
        List.of("journal.archive.s3.access.key and journal.archive.s3.secret.key go together: give"
            + " both or neither."),
        failure.lines());
  }

  @Test
  void aFileThatIsNotThereIsAProblem() {
    StartFailure failure = assertThrows(
        StartFailure.class,
        () -> ConfigReader.read(Map.of(), Map.of(), temp.resolve("none"), HOME, 2));
    assertTrue(failure.lines().get(0).contains("none"), failure.getMessage());
  }

  @Test
  void everySecretIsMarkedAsOne() {
    assertEquals(
        Set.of(
            "database.url",
            "jwt.secret",
            "admin.password",
            "journal.archive.s3.access.key",
            "journal.archive.s3.secret.key"),
        Settings.ALL.stream()
            .filter(Setting::secret)
            .map(Setting::key)
            .collect(Collectors.toSet()));
  }
}
