package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are imported into a server that runs, and what it then meters is what the files say. */
final class ImportEndToEndIT {

  private static final String TYPE = "llm.call";
  private static final String RANGE = "from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long SEED = Long.getLong("weir.crash.seed", System.nanoTime());

  @TempDir
  static Path data;

  private static LocalWeir weir;

  @TempDir
  Path folder;

  private Http admin;
  private String key;

  @BeforeAll
  static void start() {
    weir = LocalWeir.start(data);
  }

  @AfterAll
  static void stop() {
    weir.close();
  }

  @BeforeEach
  void newTenant() {
    admin = weir.newTenant().admin();
    Map<String, Object> body = Map.of("name", "import", "scopes", List.of("ingest"));
    key = admin.post("/api/auth/api-keys", body).require(201).data().path("key").asText();
    meter("tokens", "SUM", "$.tokens");
    meter("calls", "COUNT", null);
  }

  private void meter(String slug, String aggregation, String value) {
    Map<String, Object> meter = new TreeMap<>(Map.of(
        "slug", slug,
        "eventType", TYPE,
        "aggregation", aggregation,
        "groupBy", Map.of("model", "$.model")));
    if (value != null) {
      meter.put("valueProperty", value);
    }
    admin.post("/api/v1/meters", meter).require(201);
  }

  private ImportProcess.Outcome imported(Path file, String... words) {
    List<String> all = new ArrayList<>(List.of(file.toString(), "--type", TYPE));
    all.addAll(List.of(words));
    return ImportProcess.inProcess(weir.url(), key, new byte[0], all.toArray(String[]::new));
  }

  /** Usage by subject and model, once it is what is expected, or after some time. */
  private Map<String, String> usage(String meter, Map<String, String> expected) {
    List<Map<String, String>> last = new ArrayList<>();
    try {
      Await.until(meter + " is as expected", PATIENCE, () -> {
        last.clear();
        last.add(usage(meter));
        return last.get(0).equals(expected);
      });
    } catch (AssertionError e) {
      // The comparison of what there is tells more.
    }
    return last.get(0);
  }

  private Map<String, String> usage(String meter) {
    String path = "/api/v1/meters/%s/query?%s&groupBy=subject&groupBy=model&decimals=string";
    Map<String, String> usage = new TreeMap<>();
    for (JsonNode row : admin.get(path.formatted(meter, RANGE)).require(200).data()) {
      String who =
          row.path("subject").asText() + "/" + row.path("groupBy").path("model").asText();
      usage.put(who, row.path("value").asText());
    }
    return usage;
  }

  private List<JsonNode> rejected(Path file) throws IOException {
    Path path = file.resolveSibling(file.getFileName() + ".rejected.ndjson");
    return Files.readAllLines(path).stream().map(Json::parseOwn).toList();
  }

  @Test
  void aCsvFileIsMeteredToTheLastDigitAndItsBadRowsAreListed() throws IOException {
    Path file = Files.writeString(
        folder.resolve("usage.csv"),
        "\uFEFFcreated_at;customer;model;prompt_tokens;note\r\n"
            + "2026-03-01 10:00:00;acme;m1;10;\"a;b \"\"c\"\"\r\nd\"\r\n"
            + "2026-03-01 10:00:01;acme;m2;0.000000000000000001;\r\n"
            + "2026-03-01 10:00:02;zeta;m1;99999999999999999999.5;\r\n"
            + "2026-03-01 10:00:03;acme;m1;many;\r\n"
            + "yesterday;acme;m1;1;\r\n"
            + "2026-03-01 10:00:04;acme;m1;;no value\r\n"
            + "2026-03-01 10:00:05;acme;m1;2.50;");
    String[] words = {"--map", "data.tokens=prompt_tokens", "--map", "data.model=model"};

    ImportProcess.Outcome outcome = imported(file, words);

    assertEquals(
        "import: done, 7 rows, 4 accepted, 0 duplicates, 0 conflicts, 3 rejected",
        outcome.counts(),
        outcome.output());
    assertEquals(2, outcome.exitCode());
    Map<String, String> expected = new TreeMap<>(Map.of(
        "acme/m1", "12.5",
        "acme/m2", "0.000000000000000001",
        "zeta/m1", "99999999999999999999.5"));
    assertEquals(expected, usage("tokens", expected));
    List<JsonNode> rejected = rejected(file);
    assertEquals(
        List.of("6 4 ROW_NUMBER_INVALID", "7 5 ROW_TIME_INVALID", "8 6 EVENT_VALUE_MISSING"),
        rejected.stream()
            .map(row -> "%s %s %s"
                .formatted(
                    row.path("line").asText(),
                    row.path("row").asText(),
                    row.path("code").asText()))
            .toList());
    assertEquals(
        "2026-03-01 10:00:04;acme;m1;;no value", rejected.get(2).path("raw").asText());
    assertEquals("data.tokens", rejected.get(2).path("field").asText());

    ImportProcess.Outcome again =
        imported(file, "--restart", words[0], words[1], words[2], words[3]);
    assertEquals(
        "import: done, 7 rows, 0 accepted, 4 duplicates, 0 conflicts, 3 rejected", again.counts());
    assertEquals(expected, usage("tokens", expected));
  }

  @Test
  void cloudEventsInNdjsonArriveAsTheyAreAndConflictsAreListed() throws IOException {
    String event = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"gw\",\"type\":\"llm.call\","
        + "\"subject\":\"acme\",\"time\":\"2026-03-01T10:00:00.123456789Z\",\"extra\":\"kept\","
        + "\"data\":{\"tokens\":%s,\"model\":\"m1\"}}";
    Path file = folder.resolve("events.ndjson.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      List<String> lines = List.of(
          event.formatted("a", "1.10"),
          event.formatted("b", "\"2\""),
          "",
          event.formatted("a", "1.10"),
          "{\"specversion\":",
          "1.0}",
          event.formatted("a", "7"),
          event.formatted("c", "3") + event.formatted("d", "4"),
          event.formatted("e", "\"many\""),
          event.formatted("f", "5"));
      gzip.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    ImportProcess.Outcome outcome = imported(file, "--connections", "1", "--batch", "2", "--gzip");

    assertEquals(
        "import: done, 9 rows, 3 accepted, 1 duplicates, 1 conflicts, 4 rejected",
        outcome.counts(),
        outcome.output());
    assertEquals(2, outcome.exitCode());
    Map<String, String> expected = Map.of("acme/m1", "8.1");
    assertEquals(expected, usage("tokens", expected));
    assertEquals(
        List.of(
            "5 rejected ROW_MALFORMED",
            "6 rejected ROW_MALFORMED",
            "7 conflict EVENT_CONFLICT",
            "8 rejected ROW_MALFORMED",
            "9 rejected EVENT_VALUE_INVALID"),
        rejected(file).stream()
            .map(row -> "%s %s %s"
                .formatted(
                    row.path("line").asText(),
                    row.path("verdict").asText(),
                    row.path("code").asText()))
            .toList());
  }

  @Test
  void otherObjectsFromStandardInputAreMappedByPath() {
    String lines = """
        {"request":{"id":"r1"},"who":"acme","at":1767225600.5,"usage":{"in":10},"model":"m1"}
        {"request":{"id":"r2"},"who":"zeta","at":1767225601,"usage":{"in":"2.5"},"model":"m2"}
        """;
    String[] words = {
      "-",
      "--type",
      TYPE,
      "--state-dir",
      folder.toString(),
      "--time-format",
      "epoch-seconds",
      "--map",
      "id=$.request.id",
      "--map",
      "subject=who",
      "--map",
      "time=at",
      "--map",
      "data.tokens:number=$.usage.in",
      "--map",
      "data.model=model"
    };
    byte[] input = lines.getBytes(StandardCharsets.UTF_8);
    for (String counts : List.of("2 accepted, 0 duplicates", "0 accepted, 2 duplicates")) {
      ImportProcess.Outcome outcome = ImportProcess.inProcess(weir.url(), key, input, words);
      assertEquals(
          "import: done, 2 rows, %s, 0 conflicts, 0 rejected".formatted(counts),
          outcome.counts(),
          outcome.output());
      assertEquals(0, outcome.exitCode());
    }
    Map<String, String> expected = Map.of("acme/m1", "10", "zeta/m2", "2.5");
    assertEquals(expected, usage("tokens", expected));
  }

  @Test
  void whereverItIsKilledTheImportGoesOnAndEveryRowCountsOnce() throws IOException {
    int rows = 60_000;
    BigDecimal sum = BigDecimal.ZERO;
    StringBuilder text = new StringBuilder("time,customer,model,tokens\n");
    for (int row = 1; row <= rows; row++) {
      BigDecimal tokens = BigDecimal.valueOf(row % 997, 3);
      sum = row % 1_000 == 0 ? sum : sum.add(tokens);
      text.append(row % 1_000 == 0 ? "never" : "2026-03-01 10:00:00." + row)
          .append(",acme,m1,")
          .append(tokens.toPlainString())
          .append('\n');
    }
    Path file = Files.writeString(folder.resolve("usage.csv"), text);
    Path state = folder.resolve("usage.csv.weir-import");
    String[] words = {file.toString(), "--type", TYPE, "--batch", "20", "--connections", "3"};
    Random random = new Random(SEED);
    int kills = 0;
    for (int round = 0; round < 4; round++) {
      ImportProcess running =
          ImportProcess.start(weir.url(), key, folder.resolve("out-" + round), words);
      long goal = rowsDone(state) + 1_000 + random.nextInt(8_000);
      Await.until(
          "some rows are acknowledged",
          PATIENCE,
          () -> !running.isAlive() || rowsDone(state) >= goal);
      ImportProcess.Outcome outcome = round == 2 ? running.stop() : running.kill();
      kills += outcome.exitCode() == 137 || outcome.exitCode() == 143 ? 1 : 0;
    }
    assertTrue(kills >= 2, "seed " + SEED + ": ended by itself");

    ImportProcess.Outcome last =
        ImportProcess.start(weir.url(), key, folder.resolve("out"), words).awaitEnd();

    assertEquals(2, last.exitCode(), last.output());
    assertTrue(last.counts().startsWith("import: done, 60000 rows, "), last.lastLine());
    assertTrue(last.counts().endsWith(" 0 conflicts, 60 rejected"), last.lastLine());
    assertTrue(last.output().contains("goes on after row "), last.output());
    Map<String, String> expected = Map.of("acme/m1", sum.stripTrailingZeros().toPlainString());
    assertEquals(expected, usage("tokens", expected), "seed " + SEED);
    Map<String, String> calls = Map.of("acme/m1", Integer.toString(rows - rows / 1_000));
    assertEquals(calls, usage("calls", calls), "seed " + SEED);
    List<Integer> lines =
        rejected(file).stream().map(row -> row.path("row").asInt()).toList();
    List<Integer> bad = new ArrayList<>();
    for (int row = 1_000; row <= rows; row += 1_000) {
      bad.add(row);
    }
    assertEquals(bad, lines, "seed " + SEED);
    try (Stream<Path> names = Files.list(folder)) {
      assertFalse(names.anyMatch(path -> path.toString().endsWith(".lock")));
    }
  }

  private static long rowsDone(Path state) {
    try {
      return Files.exists(state)
          ? Json.parseOwn(Files.readString(state)).path("rows").asLong()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * "Azure LLM inference trace 2023", Microsoft, CC BY 4.0; it is not part of this repository.
   */
  @Test
  void aProductionTraceIsMeteredToTheSumsOfItsColumns() throws IOException {
    Path file = WeirProcess.root()
        .resolve("../shared/data/AzureLLMInferenceTrace_conv.csv")
        .normalize();
    if (!Files.isReadable(file)) {
      String message = "NOT TESTED: the real trace, because there is no " + file;
      System.out.println("ImportEndToEndIT: " + message);
      assumeTrue(false, message);
    }
    List<String> lines = Files.readAllLines(file);
    BigDecimal sum = lines.stream()
        .skip(1)
        .map(line -> new BigDecimal(line.split(",", -1)[1]))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
    String[] words = {
      "--subject", "azure", "--state-dir", folder.toString(), "--map", "data.tokens=ContextTokens"
    };

    ImportProcess.Outcome outcome = imported(file, words);

    int rows = lines.size() - 1;
    assertEquals(
        "import: done, %d rows, %d accepted, 0 duplicates, 0 conflicts, 0 rejected"
            .formatted(rows, rows),
        outcome.counts(),
        outcome.output());
    assertEquals(0, outcome.exitCode());
    Map<String, String> expected = Map.of("azure/", sum.toPlainString());
    assertEquals(expected, usage("tokens", expected));
    Map<String, String> calls = Map.of("azure/", Integer.toString(rows));
    assertEquals(calls, usage("calls", calls));
  }
}
