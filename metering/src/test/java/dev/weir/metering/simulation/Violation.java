package dev.weir.metering.simulation;

/** The system did what it must never do. */
final class Violation extends AssertionError {

  Violation(String message) {
    super(message);
  }

  /**
   * Checks that something holds.
   *
   * @param message each {@code {}} in it stands for the next detail
   */
  static void check(boolean holds, String message, Object... details) {
    if (!holds) {
      StringBuilder text = new StringBuilder();
      int from = 0;
      for (Object detail : details) {
        int at = message.indexOf("{}", from);
        text.append(message, from, at).append(detail);
        from = at + 2;
      }
      throw new Violation(text.append(message.substring(from)).toString());
    }
  }
}
