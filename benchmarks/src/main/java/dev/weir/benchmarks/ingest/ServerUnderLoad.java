package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.Target;
import java.util.Optional;

/** What a load goes to: Weir's ingest, its reads, or something that it is compared with. */
public interface ServerUnderLoad extends AutoCloseable {

  Target target();

  /**
   * Sends as planned; blocks.
   *
   * @param onMeasure called once when the warm-up is over
   */
  LoadResult run(LoadPlan plan, Runnable onMeasure) throws InterruptedException;

  /** Starts looking after how long acknowledgements are visible; empty if nothing ever is. */
  Optional<VisibilityProbe> probe() throws InterruptedException;

  /** What is counted, and how one that was answered is called. */
  default Words words() {
    return Words.EVENTS;
  }

  /** Compares what was acknowledged with what is counted. */
  Check check() throws InterruptedException;

  /**
   * What a comparison found.
   *
   * @param holds whether the figures are worth anything
   */
  record Check(boolean holds, String text) {}

  /**
   * How figures are called.
   *
   * @param done with one of the unit
   * @param unit a second
   */
  record Words(String done, String unit) {
    static final Words EVENTS = new Words("acknowledged", "events/s");
    public static final Words READS = new Words("answered", "reads/s");
    public static final Words RECORDS = new Words("acknowledged", "records/s");
  }

  @Override
  void close();
}
