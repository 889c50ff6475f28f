package dev.weir.benchmarks.load;

/**
 * A client library that sends by threads of its own and says later of each request what became of it.
 * Called by one thread.
 */
public interface Pusher {

  /** Told once, on any thread, whether all of a request was acknowledged. */
  @FunctionalInterface
  interface Outcome {
    void told(boolean acknowledged);
  }

  /** Begins the next request; may block while the library has no room for it. */
  void push(Outcome outcome);

  /** Requests that may be under way at once. */
  int requestsMax();

  /** Processor time of its threads so far; called by any thread. */
  long cpuNanos();
}
