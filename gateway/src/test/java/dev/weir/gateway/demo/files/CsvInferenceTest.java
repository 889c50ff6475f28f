package dev.weir.gateway.demo.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.csv.ColumnSample;
import dev.weir.gateway.terminal.CommandFailure;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CsvInferenceTest {

  private static final List<String> HEADER =
      List.of("Request", "When", "Model", "Customer", "InputTokens", "Cost USD");

  private static final List<List<String>> SAMPLE = List.of(
      List.of("r-1", "2026-01-01 10:00:00", "a", "acme", "10", "0.5"),
      List.of("r-2", "2026-01-01 10:00:01", "b", "acme", "11", ""),
      List.of("r-3", "2026-01-01 10:00:02", "a", "zeta", "12", "1e-3"),
      List.of("r-4", "2026-01-01 10:00:03", "b", "zeta", "13", "2"));

  private static CsvMapping infer(CsvColumns said) {
    return CsvInference.infer("usage.csv", new ColumnSample(HEADER, SAMPLE), said);
  }

  private static CsvMapping inferred(List<String> header, List<List<String>> rows) {
    return CsvInference.infer("x.csv", new ColumnSample(header, rows), CsvColumns.INFERRED);
  }

  private static CsvColumns said(
      String time, String subject, String id, Map<String, String> meters) {
    return new CsvColumns(time, subject, id, meters, Map.of(), ZoneOffset.UTC);
  }

  @Test
  void timeMetersAndDimensionsAreFoundAndIdentifiersAreLeftOut() {
    assertEquals(
        new CsvMapping(
            6,
            1,
            null,
            null,
            Map.of("input_tokens", 4, "cost_usd", 5),
            Map.of("model", 2, "customer", 3),
            ZoneOffset.UTC),
        infer(CsvColumns.INFERRED));
  }

  @Test
  void columnsGivenARoleAreNotInferredAgain() {
    CsvMapping mapping = infer(said(null, "Customer", "Request", Map.of()));
    assertEquals(3, mapping.subject());
    assertEquals(0, mapping.id());
    assertEquals(Map.of("model", 2), mapping.groupBy());
  }

  @Test
  void namedMetersReplaceInference() {
    CsvMapping mapping = infer(said("When", null, null, Map.of("tokens", "InputTokens")));
    assertEquals(Map.of("tokens", 4), mapping.meters());
    assertEquals(Map.of(), mapping.groupBy());
  }

  @Test
  void anUnknownColumnIsNamedTogetherWithTheKnownOnes() {
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> infer(said(null, "Nobody", null, Map.of())));
    assertTrue(failure.text().contains("--subject-column"), failure.text());
    assertTrue(failure.text().contains("Cost USD"), failure.text());
  }

  @Test
  void aFileWithoutTimesOrNumbersIsRefused() {
    List<List<String>> words = List.of(List.of("a", "b"));
    CommandFailure noTime =
        assertThrows(CommandFailure.class, () -> inferred(List.of("A", "B"), words));
    assertTrue(noTime.text().contains("--time-column"), noTime.text());

    List<List<String>> times = List.of(List.of("2026-01-01", "b"));
    CommandFailure noNumber =
        assertThrows(CommandFailure.class, () -> inferred(List.of("A", "B"), times));
    assertTrue(noNumber.text().contains("--meter"), noNumber.text());
  }

  @Test
  void equalKeysAreNumberedAndNamelessColumnsToo() {
    CsvMapping mapping = inferred(
        List.of("t", "Tokens", "tokens", "%"), List.of(List.of("2026-01-01", "1", "2", "3")));
    assertEquals(Map.of("tokens", 1, "tokens_2", 2, "column_4", 3), mapping.meters());
  }

  @Test
  void aDimensionMayNotShareAMetersName() {
    CsvColumns same = new CsvColumns(
        null, null, null, Map.of("x", "InputTokens"), Map.of("x", "Model"), ZoneOffset.UTC);
    assertThrows(CommandFailure.class, () -> infer(same));
  }
}
