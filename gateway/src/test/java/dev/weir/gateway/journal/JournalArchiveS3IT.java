package dev.weir.gateway.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.config.ConfigReader;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.archive.S3Server;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the settings to a bucket and back, against a local server that speaks S3. */
final class JournalArchiveS3IT {

  @TempDir
  Path directory;

  private static WeirConfig config(Path data) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WEIR_DATA_DIR", data.toString());
    environment.put("WEIR_JOURNAL_ARCHIVE", "s3://" + S3Server.BUCKET + "/weir/journal-it");
    environment.put("WEIR_JOURNAL_RETENTION_DAYS", "1");
    environment.put(
        "WEIR_JOURNAL_ARCHIVE_S3_ENDPOINT", S3Server.shared().endpoint().toString());
    environment.put("WEIR_JOURNAL_ARCHIVE_S3_ACCESS_KEY", S3Server.CREDENTIALS.accessKey());
    environment.put("WEIR_JOURNAL_ARCHIVE_S3_SECRET_KEY", S3Server.CREDENTIALS.secretKey());
    return ConfigReader.read(environment, Map.of(), null, Path.of(""), 2);
  }

  private String run(Path data, JournalFixture journal, String... words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int code = new JournalCommand(config(data), out, journal::now).run(List.of(words));
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertEquals(0, code, text);
    return text;
  }

  @Test
  void aBucketTakesCyclesAndGivesThemBack() throws IOException {
    Path data = directory.resolve("data");
    JournalFixture journal = new JournalFixture(data.resolve("journal"));
    int cycle = journal.write(3, 2).cycle();
    journal.later(Duration.ofHours(1)).write(1);
    Files.write(journal.home().resolve("identity-key"), new byte[16]);
    journal.later(Duration.ofDays(2));
    try (Journal open = Journal.open(journal.home(), 1, journal::now, new Random(1))) {
      JournalUpkeep upkeep = new JournalUpkeep(
          open,
          journal.home(),
          JournalArchives.upkeep(config(data).journal()),
          journal::now,
          () -> new JournalPosition(new TreeMap<>(Map.of(0, 6L))),
          facts -> false);
      upkeep.round();
      assertEquals(Optional.empty(), upkeep.status().error());
    }
    assertTrue(Files.notExists(journal.file(cycle)));
    assertTrue(Files.exists(
        S3Server.shared().file("weir/journal-it/lane-0/%sF.cq4".formatted(Cycles.name(cycle)))));

    String listed = run(data, journal, "ls");
    assertTrue(
        listed.contains("s3://weir/weir/journal-it/ at " + S3Server.shared().endpoint()), listed);
    assertTrue(run(data, journal, "check", "--archive").contains("; 1 archived cycles, "));
    assertTrue(run(data, journal, "restore", Cycles.name(cycle)).contains(": restored, "));
    assertTrue(Files.exists(journal.file(cycle)));
    assertTrue(
        run(data, journal, "check", "--archive").startsWith("sound: 2 cycles, 3 frames, 6 "));
  }
}
