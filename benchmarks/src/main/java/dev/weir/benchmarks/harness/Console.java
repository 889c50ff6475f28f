package dev.weir.benchmarks.harness;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

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

  /** Says what is under way, with the seconds that have passed, until it is closed. */
  public Ticking ticking(String line, long totalMillis) {
    return new Ticking(line, totalMillis);
  }

  /** A progress line that counts seconds. */
  public final class Ticking implements AutoCloseable {
    private final long begunNanos = System.nanoTime();
    private final Thread thread;

    private Ticking(String line, long totalMillis) {
      thread = new Thread(() -> tick(line, totalMillis), "bench-progress");
      thread.setDaemon(true);
      thread.start();
    }

    private void tick(String line, long totalMillis) {
      try {
        while (terminal) {
          long passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begunNanos);
          progress(line + ", " + passed + " of " + totalMillis / 1_000 + " s");
          TimeUnit.SECONDS.sleep(1);
        }
      } catch (InterruptedException e) {
        // It is closed.
      }
    }

    @Override
    public void close() {
      thread.interrupt();
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
