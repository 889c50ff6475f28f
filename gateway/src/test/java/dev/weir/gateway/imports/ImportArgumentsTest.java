package dev.weir.gateway.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.imports.ImportOptions.Sending;
import dev.weir.gateway.imports.mapping.MappingRequest;
import dev.weir.gateway.imports.mapping.MappingRequest.From;
import dev.weir.gateway.imports.mapping.Part;
import dev.weir.gateway.imports.reading.FileFormat;
import dev.weir.gateway.imports.reading.ReadOptions;
import dev.weir.gateway.imports.resume.Again;
import dev.weir.gateway.rows.TimeFormat;
import dev.weir.gateway.rows.ValueKind;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportArgumentsTest {

  private static final Map<String, String> KEY = Map.of("WEIR_API_KEY", "wk_secret");

  @TempDir
  Path folder;

  private static ImportOptions parse(String... words) {
    return ImportOptions.parse(List.of(words), KEY);
  }

  private static String failure(String... words) {
    return assertThrows(CommandFailure.class, () -> parse(words)).text();
  }

  @Test
  void everyDefaultIsAsHelpSays() {
    ImportOptions options = parse("a.csv");
    assertEquals(List.of("a.csv"), options.files());
    assertEquals(URI.create("http://127.0.0.1:8080"), options.url());
    assertEquals("wk_secret", options.key());
    assertEquals(new ReadOptions(null, null, StandardCharsets.UTF_8, null), options.read());
    assertEquals(
        new MappingRequest(Map.of(), Map.of(), Map.of(), false, TimeFormat.iso(ZoneOffset.UTC)),
        options.mapping());
    assertEquals(new Sending(1_000, 4, false, 10_000), options.sending());
    assertEquals(Again.CONTINUE, options.again());
    assertNull(options.idPrefix());
    assertNull(options.stateDirectory());
    assertFalse(options.dryRun());
    assertFalse(options.help());
  }

  @Test
  void everyOptionIsUnderstoodAndDescribed() {
    List<String> words = List.of(
        "--url=https://weir.example:8443/",
        "--key=wk_other",
        "--connections=2",
        "--batch=10",
        "--gzip",
        "--type=t",
        "--source=s",
        "--subject=x",
        "--map=data.n=count",
        "--time-format=epoch-millis",
        "--time-zone=Europe/Berlin",
        "--format=csv",
        "--delimiter=tab",
        "--charset=latin1",
        "--columns=a,b",
        "--id-prefix=p",
        "--restart",
        "--state-dir=/tmp/s",
        "--rejected-max=0",
        "--dry-run");
    ImportOptions options =
        ImportOptions.parse(Stream.concat(words.stream(), Stream.of("f")).toList(), Map.of());
    assertEquals(URI.create("https://weir.example:8443"), options.url());
    assertEquals("wk_other", options.key());
    assertEquals(new Sending(10, 2, true, 0), options.sending());
    assertEquals(
        new ReadOptions(FileFormat.CSV, '\t', StandardCharsets.ISO_8859_1, List.of("a", "b")),
        options.read());
    assertEquals(
        Map.of(Part.TYPE, "t", Part.SOURCE, "s", Part.SUBJECT, "x"),
        options.mapping().constants());
    assertEquals(Map.of("n", new From("count", null)), options.mapping().data());
    assertEquals(
        TimeFormat.of("epoch-millis", ZoneId.of("Europe/Berlin")),
        options.mapping().timeFormat());
    assertEquals(Again.RESTART, options.again());
    assertEquals("p", options.idPrefix());
    assertEquals(Path.of("/tmp/s"), options.stateDirectory());
    assertTrue(options.dryRun());
    String help = ImportHelp.text();
    for (String word : words) {
      String option = word.split("=", 2)[0];
      assertTrue(help.contains("  " + option + " "), option);
    }
    assertTrue(help.contains("  --mapping ") && help.contains("  --new "));
  }

  @Test
  void theKeyIsNeverShown() {
    assertFalse(parse("a.csv").toString().contains("secret"));
  }

  @Test
  void aPortFromTheServersSettingIsTheDefault() {
    Map<String, String> environment = Map.of("WEIR_API_KEY", "k", "WEIR_HTTP_PORT", "9090");
    assertEquals(
        URI.create("http://127.0.0.1:9090"),
        ImportOptions.parse(List.of("a.csv"), environment).url());
  }

  @Test
  void withoutAKeyOnlyHelpAndADryRunArePossible() {
    assertTrue(ImportOptions.parse(List.of("--help"), Map.of()).help());
    assertTrue(ImportOptions.parse(List.of("a.csv", "--dry-run"), Map.of()).dryRun());
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> ImportOptions.parse(List.of("a.csv"), Map.of()));
    assertTrue(failure.text().contains("WEIR_API_KEY"), failure.text());
  }

  @Test
  void optionsAreStrongerThanTheMappingFileWhereverTheyStand() throws IOException {
    Path file = Files.writeString(folder.resolve("m.json"), """
        {"map":{"subject":"customer","data.zip:text":"zip","data.n":"count"},
         "type":"from.file","timeFormat":"dd.MM.yyyy","timeZone":"Asia/Tokyo"}""");
    MappingRequest mapping = parse(
            "a.csv", "--subject", "acme", "--map", "data.n=total", "--mapping", file.toString())
        .mapping();
    assertEquals(Map.of(), mapping.places());
    assertEquals(Map.of(Part.SUBJECT, "acme", Part.TYPE, "from.file"), mapping.constants());
    assertEquals(
        Map.of("zip", new From("zip", ValueKind.TEXT), "n", new From("total", null)),
        mapping.data());
    assertEquals(TimeFormat.of("dd.MM.yyyy", ZoneId.of("Asia/Tokyo")), mapping.timeFormat());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "{\"maps\":{}} ~ there is no 'maps'",
        "[] ~ must hold a JSON object",
        "{\"map\":{\"subject\":1}} ~ 'subject' must be a text",
        "{\"map\":{\"who\":\"x\"}} ~ 'who' is no part of an event",
        "{\"type\":\"a\",\"type\":\"b\"} ~ is not JSON",
        "{ ~ is not JSON"
      })
  void aMappingFileThatIsNoneIsRefusedWithTheReason(String content, String reason)
      throws IOException {
    Path file = Files.writeString(folder.resolve("m.json"), content);
    String failure = failure("a.csv", "--mapping", file.toString());
    assertTrue(failure.contains(reason) && failure.contains("--mapping"), failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "--frobnicate ~ There is no option '--frobnicate'",
        "-x ~ There is no option '-x'",
        "--batch 0 ~ --batch must be a whole number from 1 to 10000, not '0'",
        "--batch ~ --batch needs a value",
        "--connections 65 ~ --connections must be",
        "--gzip=yes ~ --gzip takes no value",
        "--url ftp://x ~ --url must be scheme, host and port",
        "--url http://x/api ~ --url must be",
        "--url http://me:pw@x ~ --url must be",
        "--map subject ~ --map must look like",
        "--map subject= ~ --map must look like",
        "--map who=x ~ it can be id, subject, time",
        "--map data.n:float=x ~ it can be",
        "--time-format hello{ ~ --time-format: 'hello{' is neither",
        "--time-zone Mars ~ --time-zone: 'Mars' is no time zone",
        "--format xml ~ --format must be csv or ndjson",
        "--delimiter ab ~ --delimiter must be comma",
        "--charset UTF-16 ~ --charset must be one of UTF-8",
        "--restart --new ~ exclude each other",
        "b.csv --id-prefix p ~ --id-prefix is for one file",
        "--mapping /nowhere/m.json ~ cannot be read"
      })
  void aBadOptionIsNamedWithTheFix(String words, String message) {
    String[] all = ("a.csv " + words).split(" ");
    String failure = failure(all);
    assertTrue(failure.contains(message), failure);
  }

  @Test
  void withoutAFileThereIsNothingToDo() {
    assertTrue(failure("--gzip").contains("Name a file"));
    assertTrue(failure("-", "-").contains("only once"));
  }
}
