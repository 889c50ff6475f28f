package dev.weir.gateway.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.config.ConfigReader;
import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.health.ComponentHealth;
import dev.weir.metering.archive.JournalUpkeep;
import dev.weir.metering.archive.UpkeepStatus;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalFixture;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print and how they end. */
class JournalCommandTest {

  @TempDir
  Path directory;

  private JournalFixture journal;
  private final List<Integer> cycles = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  /** Hours with 2, 3 and 4 events; the first two closed. */
  @BeforeEach
  void writeThreeCycles() throws IOException {
    environment.put("WEIR_DATA_DIR", directory.resolve("data").toString());
    journal = new JournalFixture(directory.resolve("data/journal"));
    for (int events = 2; events <= 4; events++) {
      cycles.add(journal.write(events).cycle());
      journal.later(Duration.ofHours(1));
    }
    Files.write(journal.home().resolve("identity-key"), new byte[16]);
  }

  private WeirConfig config() {
    return ConfigReader.read(environment, Map.of(), null, Path.of(""), 2);
  }

  private record Outcome(int code, String text) {}

  private Outcome run(String... words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int code = new JournalCommand(config(), out, journal::now).run(List.of(words));
    return new Outcome(code, bytes.toString(StandardCharsets.UTF_8));
  }

  private void archiveTo(String place) {
    environment.put("WEIR_JOURNAL_ARCHIVE", place);
  }

  /** As a running Weir does, all events being in the database. */
  private UpkeepStatus upkeep() throws IOException {
    try (Journal open = Journal.open(journal.home(), 1, journal::now, new Random(1))) {
      JournalUpkeep upkeep = new JournalUpkeep(
          open,
          journal.home(),
          JournalArchives.upkeep(config().journal()),
          journal::now,
          () -> new JournalPosition(new TreeMap<>(Map.of(0, 9L))),
          facts -> false);
      upkeep.round();
      return upkeep.status();
    }
  }

  @Test
  void checkTellsWhatItReadAndThatItIsSound() {
    Outcome outcome = run("check");

    assertEquals(0, outcome.code());
    assertTrue(
        outcome.text().startsWith("sound: 3 cycles, 3 frames, 9 records, 19"), outcome.text());
    assertEquals(1, outcome.text().lines().count());
  }

  @Test
  void checkPrintsALineForEachProblemAndEndsWithOne() throws IOException {
    Path file = journal.file(cycles.get(1));
    flip(file, 65_900);

    Outcome outcome = run("check");

    assertEquals(1, outcome.code());
    List<String> lines = outcome.text().lines().toList();
    assertEquals(
        "%s, offset 65808, lane 0, cycle %s, after sequence 2: checksum mismatch"
            .formatted(file, Cycles.name(cycles.get(1))),
        lines.get(0));
    assertTrue(lines.get(lines.size() - 1).contains(" problems: 3 cycles"), outcome.text());

    JsonNode problem = Json.parse(run("check", "--json")
        .text()
        .lines()
        .findFirst()
        .orElseThrow()
        .getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "{\"place\":\"%s\",\"lane\":0,\"cycle\":\"%s\",\"offset\":65808,\"afterSequence\":2,"
                .formatted(file, Cycles.name(cycles.get(1)))
            + "\"problem\":\"checksum mismatch\"}",
        problem.toString());
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int value = bytes.read();
      bytes.seek(offset);
      bytes.write(value ^ 4);
    }
  }

  @Test
  void checkInJsonEndsWithASummary() {
    Outcome outcome = run("check", "--json");

    JsonNode summary = Json.parse(outcome.text().strip().getBytes(StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            "sound",
            "problems",
            "cycles",
            "frames",
            "records",
            "bytes",
            "archivedCycles",
            "archivedBytes",
            "micros"),
        names(summary));
    assertTrue(summary.path("sound").booleanValue());
    assertEquals(9, summary.path("records").intValue());
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void cyclesAreListedWithTheirRangesAndWhereTheyAre() throws IOException {
    archiveTo(directory.resolve("archive").toString());
    environment.put("WEIR_JOURNAL_RETENTION_DAYS", "1");
    assertEquals(
        List.of("closed 1 2", "closed 3 5", "newest 6 9"), listed(run("ls").text()));
    upkeep();
    assertEquals(
        List.of("archived 1 2", "archived 3 5", "newest 6 9"), listed(run("ls").text()));
    // The first hour ended 26 hours before, the second 25.
    journal.later(Duration.ofHours(23).minusMinutes(30));
    upkeep();
    String text = run("ls").text();
    assertEquals(List.of("away 1 2", "archived 3 5", "newest 6 9"), listed(text));
    assertTrue(
        text.lines().toList().get(1).endsWith(directory.resolve("archive").toString()), text);
  }

  private static List<String> listed(String text) {
    return text.lines()
        .skip(1)
        .map(line -> line.strip().split(" +", -1))
        .map(words -> "%s %s %s".formatted(words[2], words[3], words[4]))
        .toList();
  }

  @Test
  void archiveDoesAtOnceWhatARunningWeirWouldDo() throws IOException {
    upkeep();
    archiveTo(directory.resolve("archive").toString());

    Outcome first = run("archive");
    assertEquals(0, first.code(), first.text());
    assertTrue(
        first
            .text()
            .startsWith("2 archived in %s, 0 were there; 1 not sealed yet"
                .formatted(directory.resolve("archive"))),
        first.text());
    assertTrue(run("archive").text().startsWith("0 archived in "), "again");

    Outcome check = run("check", "--archive");
    assertEquals(0, check.code(), check.text());
    assertTrue(check.text().contains("; 2 archived cycles, "), check.text());
    flip(directory.resolve("archive/lane-0/%sF.cq4".formatted(Cycles.name(cycles.get(0)))), 70);
    Outcome damaged = run("check", "--archive");
    assertEquals(1, damaged.code());
    assertTrue(damaged.text().contains("reads back other than it was sent"), damaged.text());
  }

  @Test
  void archiveWithFailuresEndsWithOne() throws IOException {
    upkeep();
    flip(journal.file(cycles.get(0)), 65_900);
    archiveTo(directory.resolve("archive").toString());

    Outcome outcome = run("archive");

    assertEquals(1, outcome.code());
    assertTrue(outcome.text().startsWith("journal lane 0, cycle "), outcome.text());
    assertTrue(outcome.text().contains("1 archived in "), outcome.text());
    assertTrue(outcome.text().stripTrailing().endsWith("; 1 failed"), outcome.text());
  }

  @Test
  void restoreBringsCyclesBack() throws IOException {
    archiveTo(directory.resolve("archive").toString());
    environment.put("WEIR_JOURNAL_RETENTION_DAYS", "1");
    journal.later(Duration.ofDays(3));
    upkeep();
    assertFalse(Files.exists(journal.file(cycles.get(0))));

    Outcome one = run("restore", Cycles.name(cycles.get(0)));
    assertEquals(0, one.code());
    assertTrue(
        one.text()
            .startsWith("lane 0, cycle %s: restored, 6".formatted(Cycles.name(cycles.get(0)))),
        one.text());
    assertTrue(Files.exists(journal.file(cycles.get(0))));
    Outcome all = run("restore", "--all");
    assertEquals(0, all.code());
    assertTrue(all.text().contains(": was here, "), all.text());
    assertTrue(all.text().contains(": restored, "), all.text());
    Outcome none = run("restore", "20200101-00");
    assertEquals(1, none.code());
    assertEquals(
        directory.resolve("archive") + " has no cycle 20200101-00", none.text().stripTrailing());
    assertEquals(0, run("check", "--archive").code());
  }

  @Test
  void wordsThatAreNotKnownAreRefused() {
    archiveTo(directory.resolve("archive").toString());
    for (List<String> words : List.of(
        List.<String>of(),
        List.of("chek"),
        List.of("check", "--jsn"),
        List.of("ls", "x"),
        List.of("archive", "x"),
        List.of("restore"),
        List.of("restore", "--all", "20260305-12"),
        List.of("restore", "yesterday"))) {
      StartFailure failure = assertThrows(
          StartFailure.class, () -> run(words.toArray(String[]::new)), words::toString);
      assertEquals(StartFailure.SETTINGS, failure.exitCode(), words::toString);
    }
  }

  @Test
  void aMissingJournalOrArchiveIsSaidSo() {
    for (String command : List.of("archive", "restore")) {
      StartFailure failure = assertThrows(
          StartFailure.class,
          () -> run(
              command.equals("restore")
                  ? new String[] {"restore", "--all"}
                  : new String[] {"archive"}));
      assertEquals(
          List.of("no archive is set; name one with WEIR_JOURNAL_ARCHIVE."), failure.lines());
    }
    environment.put("WEIR_DATA_DIR", directory.resolve("none").toString());
    StartFailure failure = assertThrows(StartFailure.class, () -> run("check"));
    assertEquals(StartFailure.SURROUNDINGS, failure.exitCode());
  }

  @Test
  void healthIsDegradedWhileSomethingFails() throws IOException {
    UpkeepStatus status = upkeep();
    ComponentHealth health = JournalMetrics.health(status);
    assertEquals(ComponentHealth.Status.UP, health.status());
    assertEquals(3L, health.details().get("cycles"));

    ComponentHealth failing =
        JournalMetrics.health(new UpkeepStatus(3, 4, 2, 1, 5, Optional.of("archive /mnt is away")));
    assertEquals(ComponentHealth.Status.DEGRADED, failing.status());
    assertEquals("archive /mnt is away", failing.details().get("failure"));
  }
}
