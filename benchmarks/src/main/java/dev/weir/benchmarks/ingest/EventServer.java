package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.server.Target;
import java.util.Optional;

/** Something that takes events over HTTP: Weir, or the sink that it is compared with. */
public interface EventServer extends AutoCloseable {

  Target target();

  /** A request that can be under way beside others. */
  Exchange exchange();

  /** What one event takes in a request. */
  int eventBytes();

  /** Starts looking after how long acknowledgements are visible; empty if nothing ever is. */
  Optional<VisibilityProbe> probe();

  /** Compares what was acknowledged with what is counted. */
  Check check() throws InterruptedException;

  /**
   * What a comparison found.
   *
   * @param holds whether the figures are worth anything
   */
  record Check(boolean holds, String text) {}

  @Override
  void close();
}
