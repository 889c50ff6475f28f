package dev.weir.benchmarks.load;

/**
 * A request that can be under way: makes it, and takes the answer. Used for one request after another,
 * by one thread.
 */
public interface Exchange {

  /** No answer came: what became of the request is unknown. */
  int NO_ANSWER = 0;

  /** Prepares the next request; its body stays as it is until the answer. */
  RequestForm next();

  /** The body of the request that was prepared: its first {@link RequestForm#bodyBytes} bytes. */
  byte[] body();

  /**
   * Takes the answer to the request that was prepared last.
   *
   * @param status of HTTP, or {@link #NO_ANSWER}
   * @param answer its first {@code length} bytes are the body; not to be kept
   * @param measured whether it was due after the warm-up
   * @return whether it is the answer that was wanted, so that its latency counts
   */
  boolean answered(int status, byte[] answer, int length, boolean measured);
}
