package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.server.WeirClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Looks, one acknowledgement at a time, after how long a query includes it, and by turns a running bill. A
 * thread of its own, so that the load goes on meanwhile.
 */
public final class VisibilityProbe implements AutoCloseable {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final WeirClient client;
  private final String usagePath;
  private final String billPath;
  private final Ledger ledger;
  private final Histogram usage = new Histogram(HIGHEST_MICROS, 3);
  private final Histogram bill = new Histogram(HIGHEST_MICROS, 3);
  private final Thread thread = new Thread(this::look, "visibility");
  private volatile boolean over;
  private final AtomicInteger failures = new AtomicInteger();

  /**
   * @param usagePath of a query, up to the position that it is to include
   * @param billPath of a running bill, as far
   */
  VisibilityProbe(WeirClient client, String usagePath, String billPath, Ledger ledger) {
    this.client = client;
    this.usagePath = usagePath;
    this.billPath = billPath;
    this.ledger = ledger;
    // What an earlier run left is long visible.
    ledger.taken();
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    boolean ofUsage = true;
    while (!over) {
      Ledger.Acknowledged acknowledged = ledger.taken();
      if (acknowledged == null) {
        LockSupport.parkNanos(PAUSE_NANOS);
        continue;
      }
      try {
        client.get((ofUsage ? usagePath : billPath) + acknowledged.position());
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - acknowledged.nanos());
        (ofUsage ? usage : bill).recordValue(Math.min(HIGHEST_MICROS, micros));
        ofUsage = !ofUsage;
      } catch (IllegalStateException e) {
        failures.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Ends the looking; what was found then stays as it is. */
  @Override
  public void close() throws InterruptedException {
    over = true;
    thread.join();
  }

  /** What was found; complete once this is closed. */
  Visibility found() {
    return new Visibility(usage, bill, failures.get());
  }
}
