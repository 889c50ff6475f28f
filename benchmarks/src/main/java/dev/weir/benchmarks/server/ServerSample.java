package dev.weir.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a server has used at one moment; two of them make a difference.
 *
 * @param cpuSeconds of the process
 * @param databaseCpuSeconds of its embedded PostgreSQL, whose ended backends do not count
 * @param peakBytes largest resident memory so far
 * @param heapBytes of its heap in use; 0 if it does not say
 * @param collectorSeconds spent in pauses of its garbage collector
 * @param unindexedEvents journaled, and not yet found by its event explorer; 0 if it does not say
 */
public record ServerSample(
    long atNanos,
    double cpuSeconds,
    double databaseCpuSeconds,
    long residentBytes,
    long peakBytes,
    long heapBytes,
    double collectorSeconds,
    long unindexedEvents) {

  private static final double NANOS = 1e9;

  /** What nothing is known about. */
  public static final ServerSample NONE = new ServerSample(0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * Looks at a process.
   *
   * @param metrics what it says about itself; empty if nothing
   * @param postmaster its PostgreSQL
   */
  static ServerSample of(
      ProcessHandle process, @Nullable ProcessHandle postmaster, String metrics) {
    return new ServerSample(
        System.nanoTime(),
        cpuSeconds(process),
        postmaster == null
            ? 0
            : Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .mapToDouble(ServerSample::cpuSeconds)
                .sum(),
        status(process.pid(), "VmRSS", " kB") << 10,
        status(process.pid(), "VmHWM", " kB") << 10,
        (long) sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}"),
        sum(metrics, "jvm_gc_pause_seconds_sum\\{[^}]*}"),
        (long) sum(metrics, "weir_events_index_lag"));
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS;
  }

  /** A number that the kernel keeps for a process; 0 if it does not. */
  static long status(long pid, String field, String unit) {
    try {
      String text = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
      Matcher matcher = Pattern.compile(field + ":\\s*([0-9]+)" + unit).matcher(text);
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The sum of all series that match, in the text form of Prometheus. */
  static double sum(String metrics, String series) {
    Matcher matcher =
        Pattern.compile("^" + series + " (?<value>\\S+)$", Pattern.MULTILINE).matcher(metrics);
    double sum = 0;
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group("value"));
    }
    return sum;
  }
}
