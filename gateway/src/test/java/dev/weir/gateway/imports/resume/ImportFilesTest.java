package dev.weir.gateway.imports.resume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.resume.ImportState.Job;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportFilesTest {

  private static final ImportState STATE = new ImportState(
      new Job(new Fingerprint("ab", 10), "m", "i", "s", "k"),
      new Checkpoint(1, 5, 2),
      Verdicts.NONE,
      0,
      false);

  @TempDir
  Path folder;

  private static RefusedRow row(long number) {
    return new RefusedRow(number + 1, number, "rejected", "CODE", null, "why", null, "raw\n\"x\"");
  }

  private ImportFiles open() {
    return ImportFiles.in(folder, "f.csv", true);
  }

  @Test
  void theStateThatWasSavedLastIsLoadedAndNothingElseIsLeft() throws IOException {
    try (ImportFiles files = open()) {
      assertNull(files.load(Again.CONTINUE));
      files.save(ImportState.start(STATE.job()));
      files.save(STATE);
      assertEquals(STATE, files.load(Again.CONTINUE));
    }
    try (Stream<Path> names = Files.list(folder)) {
      assertEquals(
          List.of("f.csv.weir-import"),
          names.map(path -> path.getFileName().toString()).toList());
    }
  }

  @Test
  void rejectedRowsAreOneLineEachAndCutWhereTheStateSays() throws IOException {
    long first;
    try (ImportFiles files = open()) {
      files.keepRejected(0);
      files.reject(List.of(row(1)));
      first = files.rejectedBytes();
      files.reject(List.of(row(2), row(3)));
      files.save(STATE);
    }
    assertEquals(
        "{\"line\":2,\"row\":1,\"verdict\":\"rejected\",\"code\":\"CODE\",\"message\":\"why\","
            + "\"raw\":\"raw\\n\\\"x\\\"\"}",
        Files.readAllLines(folder.resolve("f.csv.rejected.ndjson")).get(0));
    try (ImportFiles files = open()) {
      files.keepRejected(first);
      files.reject(List.of(row(4)));
    }
    List<String> lines = Files.readAllLines(folder.resolve("f.csv.rejected.ndjson"));
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).contains("\"row\":4"));
    try (ImportFiles files = open()) {
      assertThrows(CommandFailure.class, () -> files.keepRejected(1_000_000));
      files.keepRejected(0);
    }
    assertFalse(Files.exists(folder.resolve("f.csv.rejected.ndjson")));
  }

  @Test
  void twoImportsOfAFileExcludeEachOther() throws IOException {
    try (ImportFiles files = open()) {
      CommandFailure failure = assertThrows(CommandFailure.class, this::open);
      assertTrue(failure.text().contains("Another import of f.csv"), failure.text());
      assertNull(files.load(Again.CONTINUE));
    }
    open().close();
  }

  @Test
  void aBrokenStateIsRefusedUnlessIdsAreNewAnyway() throws IOException {
    Files.writeString(folder.resolve("f.csv.weir-import"), "{\"version\":1");
    try (ImportFiles files = open()) {
      CommandFailure failure = assertThrows(CommandFailure.class, () -> files.load(Again.RESTART));
      assertTrue(failure.text().contains("--new"), failure.text());
      assertNull(files.load(Again.NEW));
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsRefusedWithTheOption() {
    CommandFailure failure = assertThrows(
        CommandFailure.class, () -> ImportFiles.in(folder.resolve("missing"), "f", true));
    assertTrue(failure.text().contains("--state-dir"), failure.text());
  }
}
