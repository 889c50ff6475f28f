package dev.weir.benchmarks.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param acknowledgements microseconds from when a request was due to its answer
 * @param visibilities microseconds from an acknowledgement to a query that includes it
 * @param statuses answers by HTTP status; 0 stands for no answer
 */
public record LoadReport(
    LoadOptions options,
    int eventBytes,
    long measuredNanos,
    Histogram acknowledgements,
    Histogram visibilities,
    Map<Integer, Long> statuses) {

  private static final double NANOS_PER_SECOND = 1e9;

  public LoadReport {
    statuses = Map.copyOf(statuses);
  }

  public long acknowledgedRequests() {
    return statuses.getOrDefault(200, 0L);
  }

  public double eventsPerSecond() {
    return acknowledgedRequests() * options.batchEvents() / (measuredNanos / NANOS_PER_SECOND);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        """
        open loop, %,d events/s due, %,d events a request, %d bytes an event, %d connections, %d s
        acknowledged (flushed, deduplicated): %,.0f events/s, answers by status %s
        acknowledged after, ms:  %s
        visible after, ms:       %s""",
        options.eventsPerSecond(),
        options.batchEvents(),
        eventBytes,
        options.connections(),
        options.seconds(),
        eventsPerSecond(),
        new TreeMap<>(statuses),
        percentiles(acknowledgements),
        percentiles(visibilities));
  }

  private static String percentiles(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f  (%,d)",
        histogram.getValueAtPercentile(50) / 1e3,
        histogram.getValueAtPercentile(90) / 1e3,
        histogram.getValueAtPercentile(99) / 1e3,
        histogram.getValueAtPercentile(99.9) / 1e3,
        histogram.getMaxValue() / 1e3,
        histogram.getTotalCount());
  }
}
