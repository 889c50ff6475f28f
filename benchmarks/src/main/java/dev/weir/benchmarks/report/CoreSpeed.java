package dev.weir.benchmarks.report;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the cores do at the moment. A virtual machine's differ by half within an hour, as neighbours share
 * them, and neither its load nor its stolen time tells; so figures of two hours can be compared only with
 * this beside them.
 *
 * <p>Steps are counted against the processor time that this machine says they took, where the JVM can tell:
 * what a server still has to do beside them then counts only as far as it slows the cores themselves.
 *
 * <p>A step is four independent rounds of xorshift (Marsaglia 2003, with shifts 13, 7 and 17): arithmetic
 * only, and more of it at once than one half of a core that is shared does as fast as a whole one.
 */
public final class CoreSpeed {

  private static final int STEPS_AT_ONCE = 20_000;
  private static final long WARM_UP_MILLIS = 60;
  private static final long MEASURED_MILLIS = 120;

  private final int cores;
  private final LongSupplier threadNanos;

  /**
   * @param threadNanos processor time of the calling thread; must advance while it computes
   */
  CoreSpeed(int cores, LongSupplier threadNanos) {
    this.cores = cores;
    this.threadNanos = threadNanos;
  }

  /** Of all cores this process may use. */
  public static CoreSpeed ofThisMachine() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean known = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
    return new CoreSpeed(
        Runtime.getRuntime().availableProcessors(),
        known ? threads::getCurrentThreadCpuTime : System::nanoTime);
  }

  /** As a report has it; takes two fifths of a second where nobody else computes. */
  String text() throws InterruptedException {
    return String.format(
        Locale.ROOT,
        "%,.0f M steps/s on one core alone, %,.0f on each of %d at once",
        measured(1),
        atOnce(),
        cores);
  }

  /** Million steps a second of each core while all compute; takes a fifth of a second or more. */
  public double atOnce() throws InterruptedException {
    return measured(cores);
  }

  private double measured(int threads) throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(threads, CoreSpeed::thread);
    try {
      List<Future<Double>> speeds = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        speeds.add(executor.submit(this::measuredByOne));
      }
      double sum = 0;
      for (Future<Double> speed : speeds) {
        sum += speed.get();
      }
      return sum / threads;
    } catch (ExecutionException e) {
      throw new IllegalStateException("arithmetic failed", e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "core-speed");
    thread.setDaemon(true);
    return thread;
  }

  private double measuredByOne() {
    // The others begin meanwhile, and the loop is compiled.
    spin(TimeUnit.MILLISECONDS.toNanos(WARM_UP_MILLIS));
    return spin(TimeUnit.MILLISECONDS.toNanos(MEASURED_MILLIS));
  }

  /** Steps a microsecond, which is million steps a second. */
  private double spin(long nanos) {
    long begun = threadNanos.getAsLong();
    long steps = 0;
    long seed = begun | 1;
    long passed;
    do {
      seed = steps(seed);
      steps += STEPS_AT_ONCE;
      passed = threadNanos.getAsLong() - begun;
      // A seed of zero, which there never is, keeps the arithmetic from being left out.
    } while (passed < nanos && seed != 0);
    return steps * 1e3 / passed;
  }

  private static long steps(long seed) {
    long first = seed;
    long second = ~seed | 1;
    long third = (seed << 7) | 1;
    long fourth = (seed >>> 7) | 1;
    for (int i = 0; i < STEPS_AT_ONCE; i++) {
      first = shifted(first);
      second = shifted(second);
      third = shifted(third);
      fourth = shifted(fourth);
    }
    return (first ^ second ^ third ^ fourth) | 1;
  }

  private static long shifted(long value) {
    long once = value ^ (value << 13);
    long twice = once ^ (once >>> 7);
    return twice ^ (twice << 17);
  }
}
