package dev.weir.gateway.demo;

/**
 * The demo cannot go on; the message tells the user why and what to do. Stackless: it is printed,
 * not debugged.
 */
public final class DemoFailure extends RuntimeException {

  public DemoFailure(String message) {
    super(message, null, false, false);
  }

  /** The message; never null, unlike {@link #getMessage()}. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
