package dev.weir.gateway.terminal;

/**
 * A command cannot go on; the message tells the user why and what to do. Stackless: it is printed,
 * not debugged.
 */
public final class CommandFailure extends RuntimeException {

  public CommandFailure(String message) {
    super(message, null, false, false);
  }

  /** The message; never null, unlike {@link #getMessage()}. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
