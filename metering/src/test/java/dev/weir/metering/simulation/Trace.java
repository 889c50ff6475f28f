package dev.weir.metering.simulation;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** What happened, step by step; keeps the last of it. */
final class Trace {

  private static final int KEPT = 30;

  private final Deque<String> last = new ArrayDeque<>();
  private final PrintStream out;
  private int step;

  /**
   * @param out where everything is printed; null when only the last steps are kept
   */
  Trace(PrintStream out) {
    this.out = out;
  }

  int step() {
    return step;
  }

  /** Notes a step that begins. */
  void step(String what) {
    step++;
    note("step " + step + ": " + what);
  }

  /** Notes what came of a step. */
  void outcome(String what) {
    note("    " + what);
  }

  private void note(String line) {
    if (out != null) {
      out.println(line);
    }
    if (last.size() == 2 * KEPT) {
      last.removeFirst();
    }
    last.addLast(line);
  }

  String lastSteps() {
    return String.join("\n", last);
  }
}
