package dev.weir.benchmarks.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private enum Colour {
    RED,
    LIGHT
  }

  private static final List<Option> DECLARED = List.of(
      new Option("events", "N", "5_000", "how many"),
      new Option("sizes", "N,…", "1,2", "which"),
      new Option("colour", "red|light", "red", "of what"),
      Option.flag("cold", "without caches"));

  private static Options parse(String... words) {
    return Options.parse(DECLARED, List.of(words));
  }

  private static String refusal(Runnable work) {
    return String.valueOf(assertThrows(UsageFailure.class, work::run).getMessage());
  }

  @Test
  void whatIsNotGivenHasItsFallback() {
    Options options = parse();
    assertEquals(5_000, options.count("events"));
    assertEquals(List.of(1L, 2L), options.numbers("sizes"));
    assertEquals(Colour.RED, options.choice("colour", Colour.class));
    assertFalse(options.flag("cold"));
    assertFalse(options.isGiven("events"));
  }

  @Test
  void bothFormsAreReadAndNamesAreNotOfTheLocale() {
    Options options = parse("--events", "7", "--sizes=1_000, 20", "--cold", "--colour", "light");
    assertEquals(7, options.count("events"));
    assertEquals(List.of(1_000L, 20L), options.numbers("sizes"));
    assertTrue(options.flag("cold"));
    assertEquals(Colour.LIGHT, options.choice("colour", Colour.class));
  }

  @Test
  void refusalsNameTheOptionAndWhatItMayBe() {
    assertTrue(
        refusal(() -> parse("--event", "1")).contains("'--event'; there are --cold, --colour"));
    assertTrue(refusal(() -> parse("events", "1")).contains("'events'"));
    assertTrue(refusal(() -> parse("--events")).contains("--events needs a value: N"));
    assertTrue(refusal(() -> parse("--cold=yes")).contains("--cold takes no value"));
    assertTrue(
        refusal(() -> parse("--events=1", "--events=1")).contains("--events is given twice"));
    assertEquals(
        "--events must be a whole number from 2 to 9, not '1'",
        refusal(() -> parse("--events=1").number("events", 2, 9)));
    assertEquals(
        "--events must be a whole number of at least 1, not '99999999999999999999'",
        refusal(() -> parse("--events=99999999999999999999").count("events")));
    assertEquals(
        "--colour must be red or light, not 'blue'",
        refusal(() -> parse("--colour=blue").choice("colour", Colour.class)));
    assertTrue(refusal(() -> parse("--sizes=1,,2").numbers("sizes")).contains("not ''"));
  }
}
