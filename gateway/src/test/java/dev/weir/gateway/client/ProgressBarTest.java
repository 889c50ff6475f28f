package dev.weir.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.client.ProgressBar.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private static final State HALF = new State(500_000, new Verdicts(480_000, 10_000, 5, 9_995));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private ProgressBar bar(boolean terminal, long total) {
    return new ProgressBar(out, clock, terminal, total, State.START);
  }

  @Test
  void aPlainLineShowsPercentRateTimeLeftAndVerdicts() {
    assertEquals(
        " 50 %  100,000 events/s  0:05 left  accepted 480,000  duplicate 10,000  conflict 5"
            + "  rejected 9,995",
        bar(false, 1_000_000).render(HALF, 5_000));
  }

  @Test
  void verdictsThatNothingGotAreLeftOut() {
    assertEquals(
        " 50 %  1 events/s  3:20:00 left  accepted 12,000",
        bar(false, 24_000).render(new State(12_000, new Verdicts(12_000, 0, 0, 0)), 12_000_000));
  }

  @Test
  void aTerminalLineHasABarThatFitsOneLine() {
    String line =
        bar(true, 1_000_000).render(new State(1, new Verdicts(1_000_000, 0, 0, 0)), 10_000);
    assertTrue(line.startsWith("[" + " ".repeat(16) + "]   0 %  "), line);
    assertTrue(line.length() < 80, line);
    assertTrue(bar(true, 1_000_000).render(HALF, 5_000).startsWith("[========        ]  50 %"));
  }

  @Test
  void moreThanExpectedStaysAtAHundredAndNothingToDoIsDone() {
    assertTrue(bar(true, 10).render(HALF, 1).contains("[" + "=".repeat(16) + "] 100 %  "));
    assertEquals("100 %  0 events/s  accepted 0", bar(false, 0).render(State.START, 0));
  }

  @Test
  void withoutATotalThereIsNoShareAndNoTimeLeft() {
    assertEquals(
        "100,000 events/s  accepted 480,000  duplicate 10,000  conflict 5  rejected 9,995",
        bar(true, ProgressBar.UNKNOWN).render(HALF, 5_000));
  }

  @Test
  void rateAndTimeLeftCountFromWhereItGoesOn() {
    State begin = new State(4_000, new Verdicts(400, 0, 0, 0));
    ProgressBar resumed = new ProgressBar(out, clock, false, 10_000, begin);
    assertEquals(
        " 50 %  50 events/s  0:10 left  accepted 500",
        resumed.render(new State(5_000, new Verdicts(500, 0, 0, 0)), 2_000));
  }

  @Test
  void aTerminalLineIsRedrawnInPlaceAtMostTenTimesASecond() {
    ProgressBar bar = bar(true, 1_000_000);
    bar.show(HALF);
    assertEquals("", printed());
    now = now.plusMillis(100);
    bar.show(HALF);
    bar.show(HALF);
    assertTrue(printed().startsWith("\r["));
    assertEquals(1, printed().chars().filter(c -> c == '\r').count());
    int drawn = printed().length();
    bar.finish(State.START);
    assertTrue(printed().endsWith(System.lineSeparator()));
    assertEquals(2 * drawn + System.lineSeparator().length(), printed().length());
  }

  @Test
  void withoutATerminalALineComesEveryFewSeconds() {
    ProgressBar bar = bar(false, 1_000_000);
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
