package dev.weir.benchmarks.server;

/** What a server used between two samples. */
public record ServerUse(ServerSample from, ServerSample to) {

  private static final double MIB = 1L << 20;

  /** Whether there was a process to look at. */
  public boolean isKnown() {
    return to.atNanos() != 0;
  }

  private double seconds() {
    return Math.max(1e-3, (to.atNanos() - from.atNanos()) / 1e9);
  }

  /** Processor time of the process as cores. */
  public double cores() {
    return (to.cpuSeconds() - from.cpuSeconds()) / seconds();
  }

  /** Processor time of its PostgreSQL as cores. */
  public double databaseCores() {
    return (to.databaseCpuSeconds() - from.databaseCpuSeconds()) / seconds();
  }

  /** Microseconds of processor time, PostgreSQL's too, for each of so many things. */
  public double cpuMicrosEach(double count) {
    double cpu =
        to.cpuSeconds() - from.cpuSeconds() + to.databaseCpuSeconds() - from.databaseCpuSeconds();
    return count == 0 ? 0 : cpu * 1e6 / count;
  }

  public double residentMib() {
    return to.residentBytes() / MIB;
  }

  public double heapMib() {
    return to.heapBytes() / MIB;
  }

  /** Milliseconds in pauses of the garbage collector, each second. */
  public double collectorMillisEachSecond() {
    return (to.collectorSeconds() - from.collectorSeconds()) * 1e3 / seconds();
  }
}
