package dev.weir.metering;

/** Checks that stay on in production: a broken invariant is a bug and must stop the work at once. */
public final class Invariant {

  private Invariant() {}

  /** Throws {@link IllegalStateException} with the message unless the condition holds. */
  public static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException("invariant broken: " + message);
    }
  }
}
