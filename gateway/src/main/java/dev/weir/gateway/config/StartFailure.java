package dev.weir.gateway.config;

import java.util.List;

/** A reason not to start that the operator can act on; shown as text, without a stack trace. */
public final class StartFailure extends RuntimeException {

  /** Exit code for settings or arguments that are not allowed. */
  public static final int SETTINGS = 2;

  /** Exit code for surroundings that do not let Weir start. */
  public static final int SURROUNDINGS = 1;

  private final int exitCode;
  private final List<String> lines;

  private StartFailure(int exitCode, List<String> lines) {
    super(String.join("; ", lines), null, false, false);
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  /** Settings or arguments are wrong; all problems together. */
  public static StartFailure settings(List<String> problems) {
    return new StartFailure(SETTINGS, problems);
  }

  /** Something outside the program is in the way, for example a port in use. */
  public static StartFailure surroundings(String problem) {
    return new StartFailure(SURROUNDINGS, List.of(problem));
  }

  public int exitCode() {
    return exitCode;
  }

  public List<String> lines() {
    return lines;
  }
}
