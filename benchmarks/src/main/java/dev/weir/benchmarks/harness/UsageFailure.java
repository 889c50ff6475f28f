package dev.weir.benchmarks.harness;

/** The command line cannot be followed; the message names the option and what it may be. */
public final class UsageFailure extends RuntimeException {

  public UsageFailure(String message) {
    super(message, null, false, false);
  }
}
