package dev.weir.gateway.demo.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.UsageKey;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvWorkloadTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir
  Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static CsvWorkload workload(CsvColumns said, Path... files) {
    return new CsvWorkload(List.of(files), said, 2, BodyFormat.NDJSON);
  }

  private static List<JsonNode> sent(CsvWorkload workload) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    EventBatch batch = new EventBatch();
    while (workload.fill(batch)) {
      String body =
          new String(batch.body().array(), 0, batch.body().length(), StandardCharsets.UTF_8);
      for (String line : body.lines().toList()) {
        events.add(MAPPER.readTree(line));
      }
      batch.clear();
    }
    return events;
  }

  private static String sum(CsvWorkload workload, int meter, String subject) {
    Map<UsageKey, BigDecimal> usage = workload.expectedUsage(workload.meters().get(meter));
    return usage.get(new UsageKey(subject, "")).toPlainString();
  }

  @Test
  void aTraceWithCrlfAndNoLastLineEndIsMeteredAsOneCustomer() throws IOException {
    CsvWorkload workload = workload(
        CsvColumns.INFERRED,
        file(
            "LLM trace.csv",
            "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
                + "2023-11-16 18:15:46.6805900,374,44\r\n"
                + "2023-11-16 18:15:50.9951690,396,109\r\n"
                + "2023-11-16 19:14:08.4025270,197,183"));

    assertEquals(Map.of("llm-trace", "llm-trace"), workload.customers());
    assertEquals("967", sum(workload, 0, "llm-trace"));
    assertEquals("336", sum(workload, 1, "llm-trace"));
    assertEquals(Instant.parse("2023-11-01T00:00:00Z"), workload.from());
    assertEquals(Instant.parse("2023-12-01T00:00:00Z"), workload.until());
    assertEquals(new Verdicts(3, 0, 0, 0), workload.expectedVerdicts());
    JsonNode first = sent(workload).get(0);
    assertEquals(MAPPER.readTree("""
            {"specversion":"1.0","id":"LLM trace.csv:1","source":"csv/1","type":"csv.row",
             "subject":"llm-trace","time":"2023-11-16T18:15:46.680590Z",
             "data":{"context_tokens":374,"generated_tokens":44}}"""), first);
  }

  @Test
  void badRowsAreLeftOutAndReportedWithTheirLines() throws IOException {
    CsvWorkload workload = workload(
        withMeter("tokens"),
        file(
            "u.csv",
            "time,tokens\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:01Z,NaN\nsoon,2\n"
                + "2026-01-01T00:00:02Z\n2026-01-01T00:00:03Z,\"3\"x\n2026-01-01T00:00:04Z,5\n"));

    assertEquals("6", sum(workload, 0, "u"));
    assertEquals(4, workload.remarks().size());
    assertTrue(
        workload.remarks().get(0).startsWith("u.csv, line 3 "),
        workload.remarks().get(0));
    assertTrue(workload.remarks().get(2).contains("1 cells instead of 2"));
    assertEquals(List.of("u.csv:1", "u.csv:6"), ids(sent(workload)));
  }

  private static CsvColumns withMeter(String column) {
    return new CsvColumns("time", null, null, Map.of("tokens", column), Map.of(), ZoneOffset.UTC);
  }

  private static List<String> ids(List<JsonNode> events) {
    return events.stream().map(event -> event.get("id").textValue()).toList();
  }

  @Test
  void everySubjectIsACustomerBilledMonthByMonth() throws IOException {
    CsvColumns said = new CsvColumns(
        null, "who", null, Map.of("tokens", "n"), Map.of("model", "m"), ZoneOffset.UTC);
    CsvWorkload workload = workload(
        said,
        file(
            "u.csv",
            "t,who,m,n\n2026-01-31T23:59:59Z,Ann Lee,x,100000\n2026-02-01T00:00:00Z,Ann Lee,y,50\n"
                + "2026-03-01T00:00:00Z,ann-lee,x,0.25\n"));

    assertEquals(Map.of("ann-lee", "Ann Lee", "ann-lee-2", "ann-lee"), workload.customers());
    assertEquals("100050", sum(workload, 0, "Ann Lee"));
    List<ExpectedInvoice> invoices = workload.expectedInvoices("ann-lee");
    assertEquals(2, invoices.size());
    assertEquals(new BigDecimal("1.00"), invoices.get(0).total());
    assertEquals(Instant.parse("2026-02-01T00:00:00Z"), invoices.get(1).usageFrom());
    assertEquals(new BigDecimal("0.00"), invoices.get(1).total());
    assertFalse(invoices.get(1).isNothing());
    assertEquals(Instant.parse("2026-04-01T00:00:00Z"), workload.until());
    assertEquals("x", sent(workload).get(0).get("data").get("model").textValue());
  }

  @Test
  void withAnIdColumnTheFirstRowWithAnIdCountsAcrossFiles() throws IOException {
    CsvColumns said = new CsvColumns("t", null, "id", Map.of("n", "n"), Map.of(), ZoneOffset.UTC);
    Path first = file("a.csv", "t,id,n\n2026-01-01,x,1\n2026-01-01,y,2\n2026-01-01,x,1.0\n");
    Path second = file("b.csv", "t,id,n\n2026-01-01,y,3\n2026-01-01,z,4\n");
    CsvWorkload workload = workload(said, first, second);

    assertEquals(new Verdicts(3, 1, 1, 0), workload.expectedVerdicts());
    assertEquals("3", sum(workload, 0, "a"));
    assertEquals("4", sum(workload, 0, "b"));
    EventBatch batch = new EventBatch();
    assertTrue(workload.fill(batch));
    assertTrue(batch.afterAllEarlier());
  }

  @Test
  void filesOfTheSameNameAreDifferentCustomersWithDifferentSources() throws IOException {
    Files.createDirectories(folder.resolve("other"));
    CsvWorkload workload = workload(
        CsvColumns.INFERRED,
        file("u.csv", "t,n\n2026-01-01,1\n"),
        file("other/u.csv", "t,n\n2026-01-01,2\n"));
    assertEquals(Map.of("u", "u", "u-2", "u-2"), workload.customers());
    List<JsonNode> events = sent(workload);
    assertEquals("csv/1", events.get(0).get("source").textValue());
    assertEquals("csv/2", events.get(1).get("source").textValue());
  }

  @Test
  void filesThatDoNotFitTogetherOrHaveNothingToMeterAreRefused() throws IOException {
    Path tokens = file("a.csv", "t,n\n2026-01-01,1\n");
    Path bytes = file("b.csv", "t,bytes\n2026-01-01,1\n");
    Path headerOnly = file("c.csv", "t,n\n");
    Path centuries = file("d.csv", "t,n\n0001-01-01,1\n2026-01-01,1\n");
    Path empty = file("e.csv", "");
    assertFailure("separate", tokens, bytes);
    assertFailure("times", headerOnly);
    assertFailure("months", centuries);
    assertFailure("empty", empty);
    assertFailure("no readable file", folder.resolve("missing.csv"));
    assertFailure("no readable file", folder);
  }

  private static void assertFailure(String part, Path... files) {
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> workload(CsvColumns.INFERRED, files));
    assertTrue(failure.text().contains(part), failure.text());
  }
}
