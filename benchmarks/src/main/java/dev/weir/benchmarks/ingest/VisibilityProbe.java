package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.server.WeirClient;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Looks, one acknowledgement at a time, after how long a query includes it. A thread of its own, so that
 * the load goes on meanwhile.
 */
public final class VisibilityProbe implements AutoCloseable {

  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final WeirClient client;
  private final String meter;
  private final Ledger ledger;
  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);
  private final Thread thread = new Thread(this::look, "visibility");
  private volatile boolean over;
  private final AtomicInteger failures = new AtomicInteger();

  VisibilityProbe(WeirClient client, String meter, Ledger ledger) {
    this.client = client;
    this.meter = meter;
    this.ledger = ledger;
    // What an earlier run left is long visible.
    ledger.taken();
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    while (!over) {
      Ledger.Acknowledged acknowledged = ledger.taken();
      if (acknowledged == null) {
        LockSupport.parkNanos(PAUSE_NANOS);
        continue;
      }
      try {
        client.get("/api/v1/meters/" + meter + "/query?subject=customer-000000&after="
            + acknowledged.position());
        long waited = System.nanoTime() - acknowledged.nanos();
        micros.recordValue(Math.min(HIGHEST_MICROS, TimeUnit.NANOSECONDS.toMicros(waited)));
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
    return new Visibility(micros, failures.get());
  }
}
