package dev.weir.gateway.backfill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.terminal.CommandFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackfillArgumentsTest {

  private static final Map<String, String> KEY = Map.of("WEIR_API_KEY", " wk_secret ");

  private static BackfillArguments parse(String... words) {
    return BackfillArguments.parse(List.of(words), KEY);
  }

  private static String failure(Map<String, String> environment, String... words) {
    return assertThrows(
            CommandFailure.class, () -> BackfillArguments.parse(List.of(words), environment))
        .text();
  }

  @Test
  void aMeterIsEnough() {
    BackfillArguments arguments = parse("tokens");
    assertEquals("tokens", arguments.meter());
    assertEquals(BackfillArguments.Action.START, arguments.action());
    assertEquals("http://127.0.0.1:8080", arguments.url().toString());
    assertEquals("wk_secret", arguments.key());
    assertTrue(arguments.watches());
    assertFalse(arguments.toString().contains("secret"));
  }

  @Test
  void optionsStandAnywhere() {
    BackfillArguments arguments = parse(
        "--from=2026-03-01T00:00:00Z",
        "tokens",
        "--detach",
        "--url",
        "https://weir.example:8443/",
        "--key",
        "other");
    assertEquals("2026-03-01T00:00:00Z", arguments.from());
    assertEquals("https://weir.example:8443", arguments.url().toString());
    assertEquals("other", arguments.key());
    assertFalse(arguments.watches());
    assertEquals(BackfillArguments.Action.CANCEL, parse("tokens", "--cancel").action());
    assertEquals(BackfillArguments.Action.PAUSE, parse("--pause", "tokens").action());
    assertEquals(BackfillArguments.Action.RESUME, parse("--resume", "tokens").action());
    assertEquals(BackfillArguments.Action.FOLLOW, parse("tokens", "--follow").action());
  }

  @Test
  void helpNeedsNothing() {
    assertEquals(
        BackfillArguments.Action.HELP,
        BackfillArguments.parse(List.of("--help"), Map.of()).action());
  }

  @Test
  void whatIsMissingOrTooMuchIsNamed() {
    assertTrue(failure(KEY).contains("Name the meter"));
    assertTrue(failure(Map.of(), "tokens").contains("WEIR_API_KEY"));
    assertTrue(failure(KEY, "tokens", "calls").contains("'calls'"));
    assertTrue(failure(KEY, "tokens", "--form", "x").contains("'--form'"));
    assertTrue(failure(KEY, "tokens", "--follow", "--cancel").contains("exclude each other"));
    assertTrue(failure(KEY, "tokens", "--cancel", "--from", "x").contains("--from"));
    assertTrue(failure(KEY, "tokens", "--from").contains("needs a value"));
    assertTrue(failure(KEY, "tokens", "--url", "weir.example").contains("--url"));
  }
}
