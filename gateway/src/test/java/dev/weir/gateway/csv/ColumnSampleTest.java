package dev.weir.gateway.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.rows.TimeFormat;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnSampleTest {

  private static ColumnSample of(String... cells) {
    return new ColumnSample(
        List.of("Column"), List.of(cells).stream().map(List::of).toList());
  }

  @Test
  void aFewBadCellsDoNotHideWhatAColumnHolds() {
    assertTrue(of("1", "2", "x").isNumber(0));
    assertFalse(of("1", "x").isNumber(0));
    assertTrue(of("1", "", " ").isNumber(0));
    assertFalse(of("", "").isNumber(0));
    assertTrue(of("2026-01-01", "x", "2026-01-02").isTime(0, TimeFormat.iso(ZoneOffset.UTC)));
  }

  @Test
  void aColumnIsFilledIfItHasSomethingNearlyEverywhere() {
    assertTrue(of("a", " ", "b").isFilled(0));
    assertFalse(of("a", "").isFilled(0));
    assertFalse(new ColumnSample(List.of("Column"), List.of()).isFilled(0));
  }

  @Test
  void numbersThatWouldLoseSomethingAreCodes() {
    assertTrue(of("1", "007").isCode(0));
    assertTrue(of("+49").isCode(0));
    assertFalse(of("0", "0.5", "10", "").isCode(0));
  }

  @Test
  void distinctLooksOnlyAtWhatIsThere() {
    assertTrue(of("a", "b", "", "").isDistinct(0));
    assertFalse(of("a", "b", "a").isDistinct(0));
  }

  @Test
  void keysAreNeverTakenTwice() {
    assertEquals("column_3", of("a").key(0, Set.of("column", "column_2")));
  }

  @ParameterizedTest
  @CsvSource({
    "ContextTokens,context_tokens",
    "TIMESTAMP,timestamp",
    "HTTPStatus,http_status",
    "  Cost (USD) ,cost_usd",
    "input-tokens,input_tokens",
    "I18nLimit,i18n_limit",
    "%,''"
  })
  void keysAreSnakeCase(String name, String key) {
    assertEquals(key, ColumnSample.snakeCase(name));
  }
}
