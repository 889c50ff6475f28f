package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private static final Verdicts HALF = new Verdicts(480_000, 10_000, 5, 9_995);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aPlainLineShowsPercentRateAndVerdicts() {
    assertEquals(
        " 50 %  100,000 events/s  accepted 480,000  duplicate 10,000  conflict 5  rejected 9,995",
        ProgressBar.render(HALF, 1_000_000, 5_000, false));
  }

  @Test
  void aTerminalLineHasABarAndAFixedWidth() {
    String line = ProgressBar.render(HALF, 1_000_000, 5_000, true);
    assertTrue(line.startsWith("[===============               ]  50 %"), line);
    assertEquals(125, line.length());
    assertEquals(125, ProgressBar.render(Verdicts.NONE, 1_000_000, 0, true).length());
  }

  @Test
  void moreThanExpectedStaysAtAHundredAndNothingToDoIsDone() {
    assertTrue(ProgressBar.render(HALF, 10, 1, true).contains("[" + "=".repeat(30) + "] 100 %"));
    assertTrue(ProgressBar.render(Verdicts.NONE, 0, 0, true).contains("100 %"));
  }

  @Test
  void aTerminalLineIsRedrawnInPlaceAtMostTenTimesASecond() {
    ProgressBar bar = new ProgressBar(out, clock, true, 1_000_000);
    bar.show(HALF);
    assertEquals("", printed());
    now = now.plusMillis(100);
    bar.show(HALF);
    bar.show(HALF);
    assertTrue(printed().startsWith("\r["));
    assertEquals(1, printed().chars().filter(c -> c == '\r').count());
    bar.finish(HALF);
    assertTrue(printed().endsWith(System.lineSeparator()));
  }

  @Test
  void withoutATerminalALineComesEveryFewSeconds() {
    ProgressBar bar = new ProgressBar(out, clock, false, 1_000_000);
    now = now.plusSeconds(1);
    bar.show(HALF);
    assertEquals("", printed());
    now = now.plusSeconds(2);
    bar.show(HALF);
    bar.show(HALF);
    assertEquals(1, printed().lines().count());
    assertFalse(printed().contains("\r["));
  }
}
