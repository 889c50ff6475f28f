package dev.weir.gateway.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.demo.files.CsvColumns;
import dev.weir.gateway.terminal.CommandFailure;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {

  private static DemoOptions parse(String line) {
    return DemoOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  @Test
  void withoutArgumentsAMillionEventsAreGeneratedAndTheServerStays() {
    DemoOptions options = parse("");
    assertEquals(1_000_000, options.events());
    assertEquals(2026, options.seed());
    assertEquals(4, options.senders());
    assertEquals(1_000, options.batchEvents());
    assertEquals(BodyFormat.NDJSON, options.format());
    assertFalse(options.exit());
    assertEquals(List.of(), options.inputs());
    assertNull(options.data());
    assertNull(options.port());
    assertEquals(CsvColumns.INFERRED, options.columns());
  }

  @Test
  void theServersAndTheGeneratorsOptionsAreRead() {
    DemoOptions options = parse(
        "--events 5000 --seed 7 --senders 2 --batch 100 --format json --exit --data /d --port 0");
    assertEquals(5_000, options.events());
    assertEquals(7, options.seed());
    assertEquals(2, options.senders());
    assertEquals(100, options.batchEvents());
    assertEquals(BodyFormat.JSON, options.format());
    assertTrue(options.exit());
    assertEquals(Path.of("/d"), options.data());
    assertEquals(0, options.port());
  }

  @Test
  void filesAndTheirColumnsAreRead() {
    DemoOptions options = parse("--input a.csv --input b.csv --time-column T --meter in=In"
        + " --meter out=a=b --group-by model=Model --subject-column S --id-column I"
        + " --time-zone Europe/Berlin");
    assertEquals(List.of(Path.of("a.csv"), Path.of("b.csv")), options.inputs());
    CsvColumns columns = options.columns();
    assertEquals("T", columns.time());
    assertEquals("S", columns.subject());
    assertEquals("I", columns.id());
    assertEquals(List.of("in", "out"), new ArrayList<>(columns.meters().keySet()));
    assertEquals("a=b", columns.meters().get("out"));
    assertEquals("Model", columns.groupBy().get("model"));
    assertEquals(ZoneId.of("Europe/Berlin"), columns.zone());
  }

  @ParameterizedTest
  @CsvSource({
    "--fast,Unknown argument '--fast'",
    "--events,--events needs a value",
    "--events 0,--events must be a whole number from 1",
    "--events -5,--events must be a whole number",
    "--events 1e6,--events must be a whole number",
    "--events 99999999999999999999,--events must be a whole number",
    "--port 70000,--port must be a whole number from 0 to 65535",
    "--batch 10001,--batch must be",
    "--format xml,--format must be ndjson or json",
    "--meter tokens,--meter must look like",
    "--input a.csv --meter =Tokens,--meter must look like",
    "--input a.csv --meter Tokens=Tokens,--meter must look like",
    "--input a.csv --meter t=,--meter must look like",
    "--input a.csv --meter t=A --meter t=B,--meter names 't' twice",
    "--input a.csv --time-zone Mars,--time-zone",
    "--time-column T,--time-column maps the columns of a file",
    "--input a.csv --events 5,--events is for generated traffic"
  })
  void aBadArgumentIsNamedWithTheFix(String line, String message) {
    CommandFailure failure = assertThrows(CommandFailure.class, () -> parse(line));
    assertTrue(failure.text().contains(message), failure.text());
  }

  @Test
  void helpNamesEveryOption() {
    for (String option : List.of("--events", "--input", "--meter", "--exit", "--port", "--data")) {
      assertTrue(DemoOptions.help().contains(option), option);
    }
  }
}
