package dev.weir.gateway.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.imports.FakeIngest.Mishap;
import dev.weir.gateway.imports.reading.ImportJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  private static final int ROWS = 1_000;

  @TempDir
  Path folder;

  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private FakeIngest server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeIngest();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ImportCommand command(InputStream input, String... words) {
    List<String> all = new ArrayList<>(List.of("--url", server.url(), "--type", "t"));
    all.addAll(List.of("--batch", "7", "--connections", "3"));
    all.addAll(List.of(words));
    ImportOptions options = ImportOptions.parse(all, Map.of("WEIR_API_KEY", FakeIngest.KEY));
    return new ImportCommand(
        options,
        input,
        new PrintStream(outBytes, true, UTF_8),
        new PrintStream(errBytes, true, UTF_8),
        InstantSource.system());
  }

  private int run(String... words) {
    return command(InputStream.nullInputStream(), words).run();
  }

  private String out() {
    return outBytes.toString(UTF_8);
  }

  private String err() {
    return errBytes.toString(UTF_8);
  }

  private String lastLine() {
    return out().lines().reduce("", (before, line) -> line).replaceAll(", \\d+ events/s$", "");
  }

  /** Every hundredth row has no time. */
  private Path csv(int rows) throws IOException {
    StringBuilder text = new StringBuilder("time,customer,n\n");
    for (int row = 1; row <= rows; row++) {
      String time = row % 100 == 0 ? "never" : "2026-01-01 00:00:00." + row;
      text.append(time).append(",c").append(row % 9).append(',').append(row).append('\n');
    }
    return Files.writeString(folder.resolve("usage.csv"), text);
  }

  private Path state() {
    return folder.resolve("usage.csv.weir-import");
  }

  private Path rejected() {
    return folder.resolve("usage.csv.rejected.ndjson");
  }

  @Test
  void everyRowEndsUpInOneCountThoughTheServerHasMishaps() throws IOException {
    server.plan(
        Mishap.TOO_MANY,
        Mishap.NONE,
        Mishap.UNAVAILABLE,
        Mishap.TOO_MANY,
        Mishap.BAD_GATEWAY_AFTER);
    assertEquals(ImportCommand.REFUSED, run(csv(ROWS).toString()), out() + err());
    // The lost answer's rows were taken: sent again, they are duplicates.
    assertEquals(
        "import: done, 1000 rows, 983 accepted, 7 duplicates, 0 conflicts, 10 rejected",
        lastLine());
    assertTrue(out().contains("7 rows were sent again because no answer came"), out());
    assertEquals(990, server.taken().size());
    List<String> lines = Files.readAllLines(rejected());
    assertEquals(10, lines.size());
    for (int i = 0; i < 10; i++) {
      assertTrue(lines
          .get(i)
          .startsWith("{\"line\":%d,\"row\":%d,".formatted(i * 100 + 101, i * 100 + 100)));
    }
    assertFalse(
        out().contains(FakeIngest.KEY) || Files.readString(state()).contains(FakeIngest.KEY));
  }

  @Test
  void aConnectionThatBreaksIsNoLoss() throws IOException {
    server.plan(Mishap.NONE, Mishap.BREAK_AFTER);
    assertEquals(ImportCommand.REFUSED, run(csv(ROWS).toString()), out() + err());
    assertEquals(990, server.taken().size());
    assertTrue(lastLine().endsWith("10 rejected"), lastLine());
  }

  @Test
  void anInterruptedImportGoesOnAndTakesEveryRowOnce() throws IOException {
    Path file = csv(ROWS);
    ImportCommand first = command(InputStream.nullInputStream(), file.toString());
    int[] requests = {0};
    server.afterEachRequest(() -> {
      if (++requests[0] == 40) {
        Thread interrupting = new Thread(first::interrupt);
        interrupting.start();
      }
    });
    int exit = first.run();
    if (exit == ImportCommand.INTERRUPTED) {
      assertTrue(lastLine().startsWith("import: interrupted, "), lastLine());
      JsonNode saved = ImportJson.MAPPER.readTree(Files.readAllBytes(state()));
      assertFalse(saved.path("complete").asBoolean(true));
      assertTrue(saved.path("rows").asLong() >= 7 * 30, "" + saved);
      assertEquals(ImportCommand.REFUSED, run(file.toString()), err());
      assertTrue(out().contains("goes on after row " + saved.path("rows").asLong()), out());
    }
    assertEquals(
        "import: done, 1000 rows, 990 accepted, 0 duplicates, 0 conflicts, 10 rejected",
        lastLine());
    assertEquals(990, server.taken().size());
    assertEquals(10, Files.readAllLines(rejected()).size());
  }

  @Test
  void aFileThatWasImportedIsNotSentAgainUnlessAsked() throws IOException {
    Path file = csv(50);
    assertEquals(ImportCommand.DONE, run(file.toString()), err());
    int requests = server.requests();
    assertEquals(ImportCommand.DONE, run(file.toString()), err());
    assertEquals(requests, server.requests());
    assertTrue(out().contains("was imported completely before"), out());
    assertEquals(ImportCommand.DONE, run(file.toString(), "--restart"), err());
    assertEquals(
        "import: done, 50 rows, 0 accepted, 50 duplicates, 0 conflicts, 0 rejected", lastLine());
    assertFalse(Files.exists(rejected()));
  }

  @Test
  void aCorrectedAndExtendedFileKeepsTheIdsOfItsRows() throws IOException {
    Path file = csv(200);
    assertEquals(ImportCommand.REFUSED, run(file.toString()), err());
    String corrected = Files.readString(file)
        .replace("never,c1,100\n", "2026-01-01 00:00:01,c1,100\n")
        .replace(",c3,3\n", ",c3,4\n");
    Files.writeString(file, corrected + "2026-01-01 00:00:02,c1,201\n");

    assertEquals(ImportCommand.FAILED, run(file.toString()));
    assertTrue(err().contains("has changed since its import began"), err());
    assertEquals(ImportCommand.REFUSED, run(file.toString(), "--restart"));
    assertEquals(
        "import: done, 201 rows, 2 accepted, 197 duplicates, 1 conflicts, 1 rejected", lastLine());
    List<String> lines = Files.readAllLines(rejected());
    assertTrue(lines.get(0).contains("\"row\":3,\"verdict\":\"conflict\""), lines.get(0));
    assertTrue(lines.get(1).contains("\"row\":200,\"verdict\":\"rejected\""), lines.get(1));
    assertEquals(200, server.taken().size());

    assertEquals(ImportCommand.REFUSED, run(file.toString(), "--new"));
    assertEquals(
        "import: done, 201 rows, 200 accepted, 0 duplicates, 0 conflicts, 1 rejected", lastLine());
  }

  @Test
  void aCopyUnderAnotherNameAndPackedIsRecognised() throws IOException {
    Path file = csv(50);
    assertEquals(ImportCommand.DONE, run(file.toString()), err());
    Path copy = folder.resolve("copy.csv.gz");
    try (GZIPOutputStream gzip = new GZIPOutputStream(Files.newOutputStream(copy))) {
      Files.copy(file, gzip);
    }
    assertEquals(ImportCommand.DONE, run(copy.toString(), "--gzip"), err());
    assertTrue(lastLine().contains(" 0 accepted, 50 duplicates,"), lastLine());
    assertEquals(8, server.gzipped());
  }

  @Test
  void anotherMappingIsNotMixedIn() throws IOException {
    Path file = csv(50);
    assertEquals(ImportCommand.DONE, run(file.toString()), err());
    assertEquals(ImportCommand.FAILED, run(file.toString(), "--map", "data.m=n"));
    assertTrue(err().contains("another mapping"), err());
    assertEquals(50, server.taken().size());
  }

  @Test
  void standardInputNeedsIdsOfItsOwnOrAPrefix() throws IOException {
    byte[] rows = Files.readAllBytes(csv(99));
    String[] words = {"-", "--state-dir", folder.toString()};
    assertEquals(
        ImportCommand.FAILED, command(new ByteArrayInputStream(rows), words).run());
    assertTrue(err().contains("--id-prefix"), err());
    String[] prefixed = {"-", "--state-dir", folder.toString(), "--id-prefix", "march"};
    assertEquals(
        ImportCommand.DONE, command(new ByteArrayInputStream(rows), prefixed).run(), err());
    assertTrue(server.taken().containsKey("march-1") && server.taken().containsKey("march-99"));
    assertTrue(out().contains("cannot be resumed"), out());
    assertFalse(Files.exists(folder.resolve("stdin.weir-import")));
  }

  @Test
  void rowsThatWeirRejectsAreListedWithItsReason() throws IOException {
    Path file = Files.writeString(
        folder.resolve("usage.csv"), "time,customer,n\n2026-01-01,a,1\n2026-01-01,a,\n");
    assertEquals(ImportCommand.REFUSED, run(file.toString()), err());
    assertEquals(
        "{\"line\":3,\"row\":2,\"verdict\":\"rejected\",\"code\":\"EVENT_VALUE_MISSING\","
            + "\"field\":\"data.n\",\"message\":\"why\",\"raw\":\"2026-01-01,a,\"}",
        Files.readString(rejected()).strip());
  }

  @Test
  void aWrongMappingStopsEarlyAndCanGoOn() throws IOException {
    Path file = csv(ROWS);
    assertEquals(ImportCommand.FAILED, run(file.toString(), "--rejected-max", "2"));
    assertTrue(err().contains("--rejected-max"), err());
    assertTrue(lastLine().startsWith("import: failed, "), lastLine());
    assertEquals(ImportCommand.REFUSED, run(file.toString()), err());
    assertEquals(990, server.taken().size());
    assertEquals(10, Files.readAllLines(rejected()).size());
  }

  @Test
  void severalFilesAreAddedUp() throws IOException {
    Path second = Files.writeString(
        folder.resolve("more.ndjson"),
        "{\"specversion\":\"1.0\",\"id\":\"x\",\"data\":{\"n\":1}}\n");
    assertEquals(ImportCommand.DONE, run(csv(50).toString(), second.toString()), err());
    assertEquals(
        "import: done, 51 rows, 51 accepted, 0 duplicates, 0 conflicts, 0 rejected", lastLine());
  }

  @Test
  void aDryRunSendsNothingAndNeedsNoServer() throws IOException {
    Path file = csv(ROWS);
    assertEquals(ImportCommand.REFUSED, run(file.toString(), "--dry-run", "--key", "none"));
    assertEquals(0, server.requests());
    assertFalse(Files.exists(state()));
    assertTrue(out().contains("line 101: ROW_TIME_INVALID time: 'never' is no time"), out());
    assertEquals(5, out().lines().filter(line -> line.startsWith("  {\"spec")).count());
    assertEquals("import: dry run done, 1000 rows, 990 can be sent, 10 cannot", lastLine());
  }

  @Test
  void aServerThatIsNotThereOrDoesNotKnowTheKeyIsToldBeforeAnythingIsRead() throws IOException {
    Path file = csv(50);
    assertEquals(ImportCommand.FAILED, run(file.toString(), "--key", "wk_wrong"));
    assertTrue(err().contains("401 CREDENTIAL_INVALID") && err().contains("'ingest'"), err());
    assertFalse(err().contains("wk_wrong"), err());
    assertEquals(ImportCommand.FAILED, run(file.toString(), "--url", "http://127.0.0.1:1"));
    assertTrue(err().contains("No Weir answers at http://127.0.0.1:1"), err());
    assertFalse(Files.exists(state()));
  }

  @Test
  void aMissingFileFailsAndHelpHelps() {
    assertEquals(ImportCommand.FAILED, run(folder.resolve("missing.csv").toString()));
    assertTrue(err().contains("no readable file"), err());
    assertEquals(ImportCommand.DONE, run("--help"));
    assertTrue(out().contains("Examples:"), out());
  }
}
