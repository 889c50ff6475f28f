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
 * @param completed the same, but of those that were answered in the measured time, whenever they were
 *     due: what a server got done, without the start and end of the time counting for or against it
 * @param unsent requests for which no connection was free before the end
 * @param latencies microseconds from when a request was due to its answer
 * @param departures microseconds from when a request was due until it was sent
 * @param others answers that were not wanted, by status of HTTP; 0 stands for none
 * @param senderCpuSeconds processor time of each sender
 */
public record LoadResult(
    LoadPlan plan,
    long due,
    long wanted,
    long completed,
    long unsent,
    Histogram latencies,
    Histogram departures,
    Map<Integer, Long> others,
    List<Double> senderCpuSeconds) {

  private static final double NANOS = 1e9;
  private static final double MISSING_PART = 0.02;
  private static final double MISSING_SECONDS = 0.1;
  private static final long LATE_MICROS = 1_000_000;

  public LoadResult {
    others = Map.copyOf(others);
    senderCpuSeconds = List.copyOf(senderCpuSeconds);
  }

  static LoadResult of(LoadPlan plan, List<SenderResult> results) {
    Histogram latencies = new Histogram(SenderResult.HIGHEST_MICROS, 3);
    Histogram departures = new Histogram(SenderResult.HIGHEST_MICROS, 3);
    Map<Integer, Long> others = new TreeMap<>();
    List<Double> cpu = new ArrayList<>();
    long due = 0;
    long wanted = 0;
    long completed = 0;
    long unsent = 0;
    for (SenderResult result : results) {
      latencies.add(result.latencies());
      departures.add(result.departures());
      result.others().forEach((status, count) -> others.merge(status, count, Long::sum));
      cpu.add(result.cpuNanos() / NANOS);
      due += result.due();
      wanted += result.wanted();
      completed += result.completedRequests();
      unsent += result.unsent();
    }
    return new LoadResult(plan, due, wanted, completed, unsent, latencies, departures, others, cpu);
  }

  private double seconds() {
    return plan.measuredMillis() / 1e3;
  }

  /** Events of requests that were completed. */
  public double eventsPerSecond() {
    return completed * (double) plan.eventsPerRequest() / seconds();
  }

  public double requestsPerSecond() {
    return completed / seconds();
  }

  /** What was completed as a part of what was due; more than 1 if a backlog of the warm-up was. */
  public double achieved() {
    return due == 0 ? 0 : (double) completed / due;
  }

  /** Whether requests were answered, and none as it should be. */
  public boolean noneWanted() {
    return wanted == 0 && others.keySet().stream().anyMatch(status -> status != Exchange.NO_ANSWER);
  }

  /** Processor time of all senders as a share of one core. */
  public double senderCores() {
    return senderCpuSeconds.stream().mapToDouble(Double::doubleValue).sum() / seconds();
  }

  /**
   * Whether the answers kept up: of what was due no more was not answered than is due within a tenth of a
   * second, at most 2 % and at least one request, and 99 % of the answers came within a second. A part alone
   * would let the longer a load the longer a queue grow.
   */
  public boolean keptUp() {
    double missing = due * Math.min(MISSING_PART, MISSING_SECONDS / seconds());
    return due - completed <= Math.max(1, missing)
        && latencies.getValueAtPercentile(99) <= LATE_MICROS;
  }
}
