package dev.weir.benchmarks.harness;

import java.io.PrintStream;

/**
 * Where a benchmark says what it is doing: a line that is redrawn on a terminal; elsewhere only what is
 * worth keeping is printed. Thread-safe.
 */
public final class Console {

  private final PrintStream out;
  private final boolean terminal;
  private int drawnChars;

  public Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Says what is under way; replaces what was said so before. */
  public synchronized void progress(String line) {
    if (terminal) {
      out.print('\r' + line + " ".repeat(Math.max(0, drawnChars - line.length())));
      out.flush();
      drawnChars = line.length();
    }
  }

  /** Says what stays on the screen. */
  public synchronized void say(String line) {
    if (drawnChars > 0) {
      out.print('\r' + " ".repeat(drawnChars) + '\r');
      drawnChars = 0;
    }
    out.println(line);
    out.flush();
  }

  /** For measurements that print by themselves. */
  public PrintStream out() {
    return out;
  }
}
