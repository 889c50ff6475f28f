package dev.weir.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one sender counted. Confined to its thread until that is over. */
final class SenderResult {

  static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private final Histogram latencies = new Histogram(HIGHEST_MICROS, 3);
  private final Histogram departures = new Histogram(HIGHEST_MICROS, 3);
  private final Map<Integer, Long> others = new TreeMap<>();
  private long wanted;
  private long due;
  private long unsent;
  private long completed;
  private long cpuNanos;

  void departed(long dueNanos, long nowNanos) {
    due++;
    departures.recordValue(micros(nowNanos - dueNanos));
  }

  void answered(long dueNanos, long nowNanos, int status, boolean isWanted) {
    if (isWanted) {
      wanted++;
      latencies.recordValue(micros(nowNanos - dueNanos));
    } else {
      others.merge(status, 1L, Long::sum);
    }
  }

  /** Answered as it should be within the measured time, whenever it was due. */
  void completed() {
    completed++;
  }

  /** Due, but no connection was free before the end. */
  void unsent(long requests) {
    due += requests;
    unsent += requests;
  }

  void cpu(long nanos) {
    cpuNanos = nanos;
  }

  private static long micros(long nanos) {
    return Math.max(0, Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
  }

  Histogram latencies() {
    return latencies;
  }

  Histogram departures() {
    return departures;
  }

  /** Answers that were not wanted, by status. */
  Map<Integer, Long> others() {
    return others;
  }

  long wanted() {
    return wanted;
  }

  long due() {
    return due;
  }

  long unsent() {
    return unsent;
  }

  long completedRequests() {
    return completed;
  }

  long cpuNanos() {
    return cpuNanos;
  }
}
