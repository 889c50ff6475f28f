package dev.weir.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What all senders counted, of what was due after the warm-up.
 *
 * @param due requests
 * @param wanted requests that were answered as they should be
 * @param unsent requests for which no connection was free before the end
 * @param seconds from the first due to the end or to the last answer, whichever is later
 * @param latencies microseconds from when a request was due to its answer
 * @param departures microseconds from when a request was due until it was sent
 * @param statuses answers by status of HTTP; 0 stands for none
 * @param senderCpuSeconds processor time of each sender
 */
public record LoadResult(
    LoadPlan plan,
    long due,
    long wanted,
    long unsent,
    double seconds,
    Histogram latencies,
    Histogram departures,
    Map<Integer, Long> statuses,
    List<Double> senderCpuSeconds) {

  private static final double NANOS = 1e9;

  public LoadResult {
    statuses = Map.copyOf(statuses);
    senderCpuSeconds = List.copyOf(senderCpuSeconds);
  }

  static LoadResult of(LoadPlan plan, long measureNanos, List<SenderResult> results) {
    Histogram latencies = new Histogram(SenderResult.HIGHEST_MICROS, 3);
    Histogram departures = new Histogram(SenderResult.HIGHEST_MICROS, 3);
    Map<Integer, Long> statuses = new TreeMap<>();
    List<Double> cpu = new ArrayList<>();
    long due = 0;
    long wanted = 0;
    long unsent = 0;
    long nanos = plan.measuredMillis() * 1_000_000;
    for (SenderResult result : results) {
      latencies.add(result.latencies());
      departures.add(result.departures());
      result.statuses().forEach((status, count) -> statuses.merge(status, count, Long::sum));
      cpu.add(result.cpuNanos() / NANOS);
      due += result.due();
      wanted += result.wanted();
      unsent += result.unsent();
      if (result.wanted() > 0) {
        nanos = Math.max(nanos, result.lastAnswerNanos() - measureNanos);
      }
    }
    return new LoadResult(
        plan, due, wanted, unsent, nanos / NANOS, latencies, departures, statuses, cpu);
  }

  /** Events of requests that were answered as they should be. */
  public double eventsPerSecond() {
    return wanted * (double) plan.eventsPerRequest() / seconds;
  }

  public double requestsPerSecond() {
    return wanted / seconds;
  }

  /** What was answered of what was due, each in its time. */
  public double achieved() {
    return due == 0 ? 0 : requestsPerSecond() / (due * 1e3 / plan.measuredMillis());
  }

  /** Processor time of all senders as a share of one core. */
  public double senderCores() {
    return senderCpuSeconds.stream().mapToDouble(Double::doubleValue).sum() / seconds;
  }

  /** Whether the server kept up: 98 % in time, and 99 % of the answers within a second. */
  public boolean keptUp() {
    return achieved() >= 0.98 && latencies.getValueAtPercentile(99) <= 1_000_000;
  }
}
