package dev.weir.gateway.imports.reading;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.imports.ImportOptions;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the bytes of a file and the words of a user to events. */
class PlannerTest {

  private static final String USAGE = """
      created_at,customer,Model Name,zip,prompt_tokens
      2026-03-01 10:00:00,acme,m1,01234,10
      2026-03-01 10:00:01,zeta,m2,99999,1.50
      """;

  private static ImportOptions options(String... words) {
    return ImportOptions.parse(
        Stream.concat(Stream.of("f", "--dry-run"), Stream.of(words)).toList(), Map.of());
  }

  private static ImportPlan plan(byte[] content, String... words) throws IOException {
    ImportOptions options = options(words);
    return Planner.plan("usage.csv", options.read(), options.mapping(), content);
  }

  private static ImportPlan plan(String content, String... words) throws IOException {
    return plan(content.getBytes(UTF_8), words);
  }

  /** The bodies' lines, and the codes of rows that cannot be sent. */
  private static List<String> events(byte[] content, String... words) throws IOException {
    List<String> events = new ArrayList<>();
    ByteSource source = new ByteSource(new ByteArrayInputStream(content), 0, 1);
    try (Rows rows = plan(content, words).rows(source, "p")) {
      for (int number = 1; rows.next(); number++) {
        ByteWriter out = new ByteWriter(16);
        try {
          rows.write(number, out);
          events.add(new String(out.array(), 0, out.length(), UTF_8));
        } catch (UnusableRow why) {
          events.add(rows.line() + " " + why.code() + " " + why.field());
        }
      }
    }
    return events;
  }

  private static List<String> events(String content, String... words) throws IOException {
    return events(content.getBytes(UTF_8), words);
  }

  private static String failure(String content, String... words) {
    return assertThrows(CommandFailure.class, () -> plan(content, words)).text();
  }

  @Test
  void obviousColumnsAreFoundAndTheRestIsData() throws IOException {
    assertEquals(
        List.of(
            "CSV of 5 columns between ',', UTF-8",
            "subject             from customer",
            "time                from created_at, iso in UTC",
            "type                always llm.call",
            "source              always import",
            "data.model_name     from Model Name, text",
            "data.zip            from zip, text",
            "data.prompt_tokens  from prompt_tokens, number"),
        plan(USAGE, "--type", "llm.call").lines());
    assertEquals(
        List.of(
            "{\"specversion\":\"1.0\",\"id\":\"p-1\",\"source\":\"import\",\"type\":\"llm.call\","
                + "\"subject\":\"acme\",\"time\":\"2026-03-01T10:00:00Z\",\"data\":{"
                + "\"model_name\":\"m1\",\"zip\":\"01234\",\"prompt_tokens\":10}}",
            "{\"specversion\":\"1.0\",\"id\":\"p-2\",\"source\":\"import\",\"type\":\"llm.call\","
                + "\"subject\":\"zeta\",\"time\":\"2026-03-01T10:00:01Z\",\"data\":{"
                + "\"model_name\":\"m2\",\"zip\":\"99999\",\"prompt_tokens\":1.5}}"),
        events(USAGE, "--type", "llm.call"));
  }

  @Test
  void namedDataReplacesTheRestUnlessEverythingIsWanted() throws IOException {
    assertEquals(
        List.of("data.n  from prompt_tokens, text", "data.m  from Model Name, text"),
        plan(USAGE, "--type", "t", "--map", "data.n:text=prompt_tokens", "--map", "data.m=#3")
            .lines()
            .stream()
            .filter(line -> line.startsWith("data."))
            .map(line -> line.replace("from #3", "from Model Name").replaceAll("  +", "  "))
            .toList());
    List<String> all = plan(
            USAGE, "--type", "t", "--map", "data.n=prompt_tokens", "--map", "data=*")
        .lines();
    assertEquals("data.n           from prompt_tokens, number", all.get(5));
    assertEquals("data.model_name  from Model Name, text", all.get(6));
    assertEquals(8, all.size());
  }

  @Test
  void anIdColumnIsUsedOnlyIfItIsOneAndCanBeDeclined() throws IOException {
    String distinct = "id,time,n\na,2026-01-01,1\nb,2026-01-01,2\n";
    String repeated = "id,time,n\na,2026-01-01,1\na,2026-01-01,2\n";
    assertFalse(plan(distinct, "--type", "t", "--subject", "s").makesIds());
    assertTrue(plan(repeated, "--type", "t", "--subject", "s").makesIds());
    ImportPlan declined = plan(distinct, "--type", "t", "--subject", "s", "--map", "id=-");
    assertTrue(declined.makesIds());
    assertTrue(declined.lines().contains("data.id  from id, text"), "" + declined.lines());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "customer,time,n|acme,2026-01-01,1 ~ the type of an event ~ --type",
        "time,type,n|2026-01-01,t,1 ~ the subject of an event ~ --subject",
        "customer,type,n|acme,t,1 ~ the time of an event ~ --time-format",
        "'' ~ is empty ~ columns"
      })
  void whatCannotBeToldIsRefusedRatherThanGuessed(String content, String what, String fix) {
    String failure = failure(content.replace('|', '\n'));
    assertTrue(failure.contains(what) && failure.contains(fix), failure);
  }

  @Test
  void columnsThatAreNotThereOrTwiceAreRefused() {
    assertTrue(
        failure(USAGE, "--type", "t", "--map", "subject=who").contains("the columns [created_at"));
    String twice = "time,n,n\n2026-01-01,1,2\n";
    String failure = failure(twice, "--type", "t", "--subject", "s", "--map", "data.n=n");
    assertTrue(failure.contains("#2"), failure);
  }

  @Test
  void columnsOfTheSameNameGetDifferentKeys() throws IOException {
    assertEquals(
        List.of("{\"n\":1,\"n_2\":2}"),
        events("time,n,n\n2026-01-01,1,2\n", "--type", "t", "--subject", "s").stream()
            .map(event -> event.substring(event.indexOf("\"data\":") + 7, event.length() - 1))
            .toList());
  }

  @Test
  void badRowsAreToldWithCodeFieldAndLine() throws IOException {
    String content = """
        time,customer,n,ok
        2026-01-01,acme,1,true
        soon,acme,1,true
        ,acme,1,true
        2026-01-01,,1,true
        2026-01-01,acme,NaN,true
        2026-01-01,acme,100000000000000000000000000000000000000,true
        2026-01-01,acme,1,perhaps
        2026-01-01,acme,1
        2026-01-01,"acme"x,1,true

        2026-01-01,acme,,
        """;
    List<String> events =
        events(content, "--type", "t", "--map", "data.n:number=n", "--map", "data.ok:boolean=ok");
    assertEquals(
        List.of(
            "3 ROW_TIME_INVALID time",
            "4 ROW_FIELD_MISSING time",
            "5 ROW_FIELD_MISSING subject",
            "6 ROW_NUMBER_INVALID data.n",
            "7 ROW_NUMBER_INVALID data.n",
            "8 ROW_FIELD_INVALID data.ok",
            "9 ROW_CELLS_WRONG null",
            "10 ROW_MALFORMED null"),
        events.subList(1, 9));
    assertTrue(events.get(0).endsWith("\"data\":{\"n\":1,\"ok\":true}}"), events.get(0));
    assertTrue(events.get(9).contains("\"id\":\"p-10\"") && events.get(9).endsWith("{}}"));
  }

  @Test
  void delimiterCharsetHeaderAndTimesCanBeSaid() throws IOException {
    byte[] latin = "01/02/2026 02:30;Müller;7\n".getBytes(StandardCharsets.ISO_8859_1);
    List<String> events = events(
        latin,
        "--delimiter",
        "semicolon",
        "--charset",
        "ISO-8859-1",
        "--columns",
        "when,who,n",
        "--type",
        "t",
        "--map",
        "subject=who",
        "--time-format",
        "dd/MM/yyyy HH:mm",
        "--time-zone",
        "Europe/Berlin");
    assertEquals(1, events.size());
    assertTrue(events.get(0).contains("\"subject\":\"Müller\""), events.get(0));
    assertTrue(events.get(0).contains("\"time\":\"2026-02-01T01:30:00Z\""), events.get(0));
    assertTrue(events.get(0).endsWith("\"data\":{\"n\":7}}"), events.get(0));
    assertEquals(
        List.of("1 ROW_CHARSET_WRONG null"),
        events(
            latin,
            "--columns",
            "when,who,n",
            "--type",
            "t",
            "--subject",
            "s",
            "--map",
            "time=when"));
  }

  @Test
  void aDifferentMappingHasADifferentHash() throws IOException {
    String hash = plan(USAGE, "--type", "t").hash();
    assertEquals(hash, plan(USAGE, "--type", "t", "--batch", "7").hash());
    assertNotEquals(hash, plan(USAGE, "--type", "u").hash());
    assertNotEquals(
        hash, plan(USAGE, "--type", "t", "--time-zone", "Asia/Tokyo").hash());
    assertNotEquals(hash, plan(USAGE, "--type", "t", "--charset", "latin1").hash());
    assertNotEquals(
        plan("2026-01-01,1,2\n", "--columns", "time,a,b", "--type", "t", "--subject", "s")
            .hash(),
        plan("2026-01-01,1,2\n", "--columns", "time,b,a", "--type", "t", "--subject", "s")
            .hash());
  }

  @Test
  void cloudEventsAreSentByteForByte() throws IOException {
    String first =
        "{\"specversion\" : \"1.0\", \"id\":\"a\",\"data\":{\"n\":1.000000000000000000000001}}";
    String content =
        "\uFEFF" + first + "\r\n\n  \n[1]\n{\"specversion\":\"1.0\"} {}\n{\"specversion\":\n"
            + "{\"specversion\":\"1.0\",\"id\":\"ü\"}";
    assertEquals(
        List.of("NDJSON of CloudEvents, sent as they are"), plan(content).lines());
    assertEquals(
        List.of(
            first,
            "4 ROW_MALFORMED null",
            "5 ROW_MALFORMED null",
            "6 ROW_MALFORMED null",
            "{\"specversion\":\"1.0\",\"id\":\"ü\"}"),
        events(content));
  }

  @Test
  void otherObjectsAreMappedByPropertyAndPath() throws IOException {
    String content = """
        {"request":{"id":7},"who":"acme","at":"2026-01-01T00:00:00Z","usage":{"in":1.10,"out":[2,3]},"x":null}
        {"request":{"id":8},"who":"acme","at":"2026-01-01T00:00:01Z","usage":{"in":"4"}}
        {"request":{},"who":"acme","at":"2026-01-01T00:00:01Z","usage":{"in":4}}
        {"request":{"id":9},"who":{},"at":"2026-01-01T00:00:01Z"}
        {"request":{"id":9},"who":"a","who":"b","at":"2026-01-01T00:00:01Z"}
        """;
    List<String> events = events(
        content,
        "--type",
        "t",
        "--map",
        "id=$.request.id",
        "--map",
        "subject=who",
        "--map",
        "data.in:number=$.usage.in",
        "--map",
        "data.second=$.usage['out'][1]");
    assertTrue(events.get(0).contains("\"id\":\"7\""), events.get(0));
    assertTrue(events.get(0).endsWith("\"data\":{\"in\":1.1,\"second\":3}}"), events.get(0));
    assertTrue(events.get(1).endsWith("\"data\":{\"in\":4}}"), events.get(1));
    assertEquals("3 ROW_FIELD_MISSING id", events.get(2));
    assertEquals("4 ROW_FIELD_INVALID subject", events.get(3));
    assertEquals("5 ROW_MALFORMED null", events.get(4));
  }

  @Test
  void whatIsNotMappedOfAnObjectIsTakenOverWithAllDigits() throws IOException {
    String object = "{\"customer\":\"acme\",\"time\":1767225600,"
        + "\"n\":12345678901234567890.123456789012345678,\"deep\":{\"a\":[1.50,true]},\"nothing\":null}";
    List<String> events = events(object, "--type", "t", "--time-format", "epoch-seconds");
    JsonNode event = ImportJson.MAPPER.readTree(events.get(0));
    assertEquals("2026-01-01T00:00:00Z", event.path("time").asText());
    assertEquals(
        "{\"n\":12345678901234567890.123456789012345678,\"deep\":{\"a\":[1.50,true]},\"nothing\":null}",
        event.path("data").toString());
  }

  @Test
  void pathsThatMeanSeveralValuesAreRefused() {
    for (String path : List.of("$", "$..n", "$.a[*]", "$.a[", "$[0:2]")) {
      String failure =
          failure("{\"a\":1}", "--type", "t", "--subject", "s", "--map", "data.n=" + path);
      assertTrue(failure.contains("is no path to one value"), failure);
    }
  }

  @Test
  void textInTwoBytesACharacterIsRefusedWithTheFix() {
    byte[] content = "time,n\n".getBytes(Charset.forName("UTF-16"));
    CommandFailure failure = assertThrows(CommandFailure.class, () -> plan(content));
    assertTrue(failure.text().contains("iconv"), failure.text());
  }
}
