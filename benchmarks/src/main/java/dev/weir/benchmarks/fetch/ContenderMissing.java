package dev.weir.benchmarks.fetch;

/** A program of others is not here and cannot be fetched; the message says why. */
public final class ContenderMissing extends IllegalStateException {

  ContenderMissing(String message) {
    super(message);
  }
}
