package dev.weir.gateway.terminal;

import java.io.Console;
import java.io.PrintStream;

/** Whether a line may be redrawn. */
public final class Terminal {

  private Terminal() {}

  /** True when the stream is standard output and that is a terminal which is not "dumb". */
  @SuppressWarnings("SystemConsoleNull") // both answers are handled
  public static boolean is(PrintStream out) {
    Console console = System.console();
    return out == System.out
        && console != null
        && isTerminal(console)
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** From Java 22 on there is a console without a terminal too, and a method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return !Boolean.FALSE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
