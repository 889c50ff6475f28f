package dev.weir.gateway.client;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how far sending is: one line that is redrawn on a terminal, else a plain line every few
 * seconds. Thread-safe; cheap to call after every request.
 */
public final class ProgressBar {

  /** For a total that nobody knows: no bar, no percentage, no time left. */
  public static final long UNKNOWN = -1;

  private static final int WIDTH = 16;
  private static final long REDRAW_MILLIS = 100;
  private static final long PLAIN_LINE_MILLIS = 3_000;
  private static final long LEFT_SECONDS_MAX = 99L * 3_600;

  /**
   * How far it is.
   *
   * @param done of the total, in its unit: events, or bytes of a file
   * @param verdicts of all events so far
   */
  public record State(long done, Verdicts verdicts) {

    public static final State START = new State(0, Verdicts.NONE);
  }

  private final PrintStream out;
  private final InstantSource clock;
  private final boolean terminal;
  private final long total;
  private final State begin;
  private final long startMillis;
  private long drawnMillis;
  private int drawnChars;

  /**
   * @param total in the unit of {@link State#done}
   * @param begin where it goes on from; rate and time left count from here
   */
  public ProgressBar(
      PrintStream out, InstantSource clock, boolean terminal, long total, State begin) {
    this.out = out;
    this.clock = clock;
    this.terminal = terminal;
    this.total = total;
    this.begin = begin;
    this.startMillis = clock.millis();
    this.drawnMillis = startMillis;
  }

  /** Draws if enough time has passed since the last drawing. */
  public synchronized void show(State state) {
    long now = clock.millis();
    if (now - drawnMillis >= (terminal ? REDRAW_MILLIS : PLAIN_LINE_MILLIS)) {
      drawnMillis = now;
      draw(state, now);
    }
  }

  /** Draws the final state and ends the line. */
  public synchronized void finish(State state) {
    draw(state, clock.millis());
    if (terminal) {
      out.println();
    }
  }

  private void draw(State state, long nowMillis) {
    String line = render(state, nowMillis - startMillis);
    if (terminal) {
      // Blanks cover what a longer line left.
      out.print('\r' + line + " ".repeat(Math.max(0, drawnChars - line.length())));
      drawnChars = line.length();
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** The line; on a terminal with a bar. Verdicts that nothing got are left out. */
  String render(State state, long elapsedMillis) {
    Verdicts verdicts = state.verdicts();
    long events = verdicts.total() - begin.verdicts().total();
    StringBuilder line = new StringBuilder();
    if (total != UNKNOWN) {
      line.append(share(Math.min(state.done(), total)));
    }
    line.append(String.format(Locale.ROOT, "%,d events/s", perSecond(events, elapsedMillis)));
    if (total != UNKNOWN) {
      line.append(left(state, elapsedMillis));
    }
    line.append(String.format(Locale.ROOT, "  accepted %,d", verdicts.accepted()));
    append(line, "duplicate", verdicts.duplicates());
    append(line, "conflict", verdicts.conflicts());
    append(line, "rejected", verdicts.rejected());
    return line.toString();
  }

  private static void append(StringBuilder line, String verdict, long count) {
    if (count > 0) {
      line.append(String.format(Locale.ROOT, "  %s %,d", verdict, count));
    }
  }

  private String share(long done) {
    int filled = total == 0 ? WIDTH : (int) (done * WIDTH / total);
    String bar = terminal ? "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " : "";
    return String.format(Locale.ROOT, "%s%3d %%  ", bar, total == 0 ? 100 : done * 100 / total);
  }

  /** The time left, if it goes on as it went; empty at both ends, where there is nothing to say. */
  private String left(State state, long elapsedMillis) {
    long doneNow = state.done() - begin.done();
    long rest = total - state.done();
    if (doneNow <= 0 || rest <= 0 || elapsedMillis <= 0) {
      return "";
    }
    long perSecond = Math.max(1, perSecond(doneNow, elapsedMillis));
    long seconds = Math.min(LEFT_SECONDS_MAX, rest / perSecond);
    return seconds < 3_600
        ? String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "  %d:%02d:%02d left", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  /** A rate; zero when no time has passed. */
  public static long perSecond(long count, long elapsedMillis) {
    return elapsedMillis <= 0 ? 0 : count * 1_000 / elapsedMillis;
  }
}
