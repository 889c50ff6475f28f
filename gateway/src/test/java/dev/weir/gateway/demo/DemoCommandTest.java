package dev.weir.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @TempDir
  Path folder;

  private int run(URI server, String... args) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new DemoCommand(DemoOptions.parse(List.of(args)), server, out, InstantSource.system())
        .run();
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String lastLine() {
    return printed().lines().reduce("", (before, line) -> line);
  }

  @ParameterizedTest
  @CsvSource({"ndjson", "json"})
  void aServerThatCountsRightIsOkThoughItAsksToComeBackLater(String format) throws IOException {
    try (FakeWeir server = new FakeWeir(FakeWeir.Mistake.NONE)) {
      int exit = run(server.uri(), "--events", "3000", "--batch", "100", "--format", format);
      assertEquals("demo: OK", lastLine(), printed());
      assertEquals(0, exit);
      assertTrue(server.refusals > 30, "" + server.refusals);
    }
    assertTrue(printed().contains("400 invoices over "), printed());
    assertTrue(printed().contains("/explain"), printed());
  }

  @ParameterizedTest
  @CsvSource({
    "LOSES_AN_EVENT,'usage, calls of acme-'",
    "ROUNDS_DOWN,amount: expected",
    "FORGETS_AN_INVOICE,no invoice over",
    "COUNTS_CONFLICTS_AS_DUPLICATES,'verdicts, conflicts: expected 36, got 0'"
  })
  void aServerThatMakesAMistakeIsFoundOut(FakeWeir.Mistake mistake, String difference)
      throws IOException {
    try (FakeWeir server = new FakeWeir(mistake)) {
      assertEquals(1, run(server.uri(), "--events", "500", "--batch", "100"));
    }
    assertEquals("demo: FAILED", lastLine());
    assertTrue(printed().contains(difference), printed());
  }

  @Test
  void aFileIsMeteredAndItsColumnsAreBilled() throws IOException {
    Path file = Files.writeString(
        folder.resolve("trace.csv"),
        "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
            + "2023-10-31 23:59:59.9999999,374000,44000\r\n2023-11-16 18:15:50.9951690,396,109\r\n"
            + "bad,1,1\r\n2023-12-01 00:00:00,1,183");
    try (FakeWeir server = new FakeWeir(FakeWeir.Mistake.NONE)) {
      assertEquals(0, run(server.uri(), "--input", file.toString()), printed());
    }
    assertEquals("demo: OK", lastLine(), printed());
    assertTrue(printed().contains("trace.csv, line 4 is left out: 'bad' is no time"), printed());
    assertTrue(printed().contains("374397"), printed());
  }

  @Test
  void aFileThatCannotBeMappedFailsWithTheFix() throws IOException {
    try (FakeWeir server = new FakeWeir(FakeWeir.Mistake.NONE)) {
      Path file = Files.writeString(folder.resolve("x.csv"), "words\nonly\n");
      assertEquals(1, run(server.uri(), "--input", file.toString()));
    }
    assertTrue(printed().contains("--time-column"), printed());
    assertEquals("demo: FAILED", lastLine());
  }

  @Test
  void aServerThatRefusesIsQuoted() throws IOException {
    try (FakeWeir server = new FakeWeir(FakeWeir.Mistake.NONE)) {
      assertEquals(0, run(server.uri(), "--events", "10"));
      assertEquals(1, run(server.uri(), "--events", "10"));
    }
    assertTrue(printed().contains("POST /api/v1/meters was answered with 500 FAKE"), printed());
    assertEquals("demo: FAILED", lastLine());
  }
}
