package dev.weir.gateway.client;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how far sending is: one line that is redrawn on a terminal, else a plain line every few
 * seconds. Thread-safe; cheap to call after every request.
 */
public final class ProgressBar {

  private static final int WIDTH = 30;
  private static final long REDRAW_MILLIS = 100;
  private static final long PLAIN_LINE_MILLIS = 3_000;

  private final PrintStream out;
  private final InstantSource clock;
  private final boolean terminal;
  private final long total;
  private final long startMillis;
  private long drawnMillis;

  public ProgressBar(PrintStream out, InstantSource clock, boolean terminal, long total) {
    this.out = out;
    this.clock = clock;
    this.terminal = terminal;
    this.total = total;
    this.startMillis = clock.millis();
    this.drawnMillis = startMillis;
  }

  /** Draws if enough time has passed since the last drawing. */
  public synchronized void show(Verdicts verdicts) {
    long now = clock.millis();
    if (now - drawnMillis >= (terminal ? REDRAW_MILLIS : PLAIN_LINE_MILLIS)) {
      drawnMillis = now;
      draw(verdicts, now);
    }
  }

  /** Draws the final state and ends the line. */
  public synchronized void finish(Verdicts verdicts) {
    draw(verdicts, clock.millis());
    if (terminal) {
      out.println();
    }
  }

  private void draw(Verdicts verdicts, long nowMillis) {
    String line = render(verdicts, total, nowMillis - startMillis, terminal);
    if (terminal) {
      out.print('\r' + line);
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** The line; on a terminal with a bar, and padded so that a shorter line covers a longer one. */
  static String render(Verdicts verdicts, long total, long elapsedMillis, boolean terminal) {
    long done = Math.min(verdicts.total(), total);
    int filled = total == 0 ? WIDTH : (int) (done * WIDTH / total);
    String bar = terminal ? "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " : "";
    String counts = String.format(
        Locale.ROOT,
        "%3d %%  %,d events/s  accepted %,d  duplicate %,d  conflict %,d  rejected %,d",
        total == 0 ? 100 : done * 100 / total,
        perSecond(verdicts.total(), elapsedMillis),
        verdicts.accepted(),
        verdicts.duplicates(),
        verdicts.conflicts(),
        verdicts.rejected());
    return terminal ? String.format(Locale.ROOT, "%-125s", bar + counts) : counts;
  }

  /** A rate; zero when no time has passed. */
  public static long perSecond(long count, long elapsedMillis) {
    return elapsedMillis <= 0 ? 0 : count * 1_000 / elapsedMillis;
  }
}
