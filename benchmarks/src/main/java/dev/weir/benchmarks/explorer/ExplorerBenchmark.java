package dev.weir.benchmarks.explorer;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.server.Printed;
import dev.weir.benchmarks.server.Tree;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventCursor;
import dev.weir.metering.explorer.EventExplorer;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.explorer.EventPage;
import dev.weir.metering.explorer.EventSearch;
import dev.weir.metering.explorer.ExplorerOptions;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalPosition;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Times the explorer on a journal of many events: how fast it is indexed, and how long it takes to find a
 * customer's events of a month, an event by its id, and the newest events of the tenant.
 */
public final class ExplorerBenchmark implements AutoCloseable {

  public static final Benchmark EXPLORER = Printed.benchmark(
      "explorer",
      "events found again in a large journal",
      "Finding events",
      ExplorerLoad.OPTIONS,
      ExplorerLoad::facts,
      (options, directory, out) -> run(ExplorerLoad.of(options, directory), out));

  private static final Duration INDEX_TIMEOUT = Duration.ofHours(2);
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private final ExplorerLoad load;
  private final PrintStream out;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong clock = new AtomicLong(MonthOfEvents.FROM.toEpochMilli());
  private final Journal journal;
  private final EventExplorer explorer;

  private ExplorerBenchmark(ExplorerLoad load, PrintStream out) throws Exception {
    this.load = load;
    this.out = out;
    boolean written = Files.exists(load.directory().resolve("lane-0"));
    if (written) {
      clock.set(MonthOfEvents.TO.toEpochMilli());
    }
    this.journal = Journal.open(
        load.directory(), 1, () -> java.time.Instant.ofEpochMilli(clock.get()), new SecureRandom());
    if (!written) {
      long begun = System.nanoTime();
      new MonthOfEvents(load, clock).write(journal);
      report("written", begun, load.events());
    }
    JournalPosition end = new JournalPosition(new TreeMap<>(Map.of(0, load.events())));
    long begun = System.nanoTime();
    this.explorer = EventExplorer.start(
        vertx,
        journal,
        new EventExplorer.Flushed(lane -> load.events(), () -> end),
        new ExplorerOptions(262_144, 1, 8, Duration.ofMinutes(10), INDEX_TIMEOUT, 0));
    if (!explorer.awaitIndexedTo(end, INDEX_TIMEOUT)) {
      throw new IllegalStateException("not indexed: " + explorer.missing());
    }
    report("indexed, merged as far as it was", begun, load.events());
  }

  private void report(String what, long begunNanos, long events) {
    long millis = Math.max(1, (System.nanoTime() - begunNanos) / 1_000_000);
    out.printf(
        "%s: %,d events in %,d ms, %,d a second%n", what, events, millis, events * 1_000 / millis);
  }

  /** Writes the journal if it is not there, and measures. */
  public static void run(ExplorerLoad load, PrintStream out) throws Exception {
    try (ExplorerBenchmark benchmark = new ExplorerBenchmark(load, out)) {
      benchmark.measure();
    }
  }

  private void measure() throws Exception {
    out.printf(
        "journal %,d MB on disk, index %,d MB in %,d runs, heap %,d MB at most%n",
        Tree.allocatedBytes(load.directory().resolve("lane-0")) >> 20,
        explorer.runBytes() >> 20,
        explorer.runs(),
        Runtime.getRuntime().maxMemory() >> 20);
    each("a customer's newest 100", i -> page(customer(i), 100));
    each("a customer's newest 1,000", i -> page(customer(i), 1_000));
    each("a customer's month, all pages", i -> all(customer(i)));
    each("a customer's day", i -> all(day(customer(i), i)));
    each("an event by its id", i -> event(i));
    each("the tenant's newest 100", i -> page(EventFilter.all(MonthOfEvents.TENANT), 100));
    each("the newest 100 of a rare type", i -> page(rare(), 100));
  }

  /** Work of one look-up, which gives how much was found. */
  @FunctionalInterface
  private interface Lookup {
    int find(int i) throws Exception;
  }

  private void each(String what, Lookup lookup) throws Exception {
    if (load.dropsCaches()) {
      time(what + ", cold", lookup, true);
    }
    // Once without a clock: then what they read is in memory.
    for (int i = 0; i < load.lookups(); i++) {
      lookup.find(i);
    }
    time(what + ", warm", lookup, false);
  }

  private void time(String what, Lookup lookup, boolean cold) throws Exception {
    List<Long> micros = new ArrayList<>();
    int found = 0;
    for (int i = 0; i < load.lookups(); i++) {
      if (cold) {
        dropCaches();
      }
      long begun = System.nanoTime();
      found += lookup.find(i);
      micros.add((System.nanoTime() - begun) / 1_000);
    }
    micros.sort(null);
    out.printf(
        "%-45s p50 %,9d µs  max %,9d µs  found %,d each%n",
        what, micros.get(micros.size() / 2), micros.get(micros.size() - 1), found / load.lookups());
  }

  private static void dropCaches() throws IOException, InterruptedException {
    new ProcessBuilder("sync").inheritIO().start().waitFor();
    Files.write(DROP_CACHES, "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  private EventFilter customer(int i) {
    return with(
        Set.of(ExplorerLoad.subject(i * 97L % load.customers())), null, EventFilter.Range.ALL);
  }

  private static EventFilter with(
      @Nullable Set<String> subjects, @Nullable String type, EventFilter.Range range) {
    return new EventFilter(
        MonthOfEvents.TENANT, subjects, type, null, null, null, range, EventFilter.Range.ALL, null);
  }

  private static EventFilter day(EventFilter filter, int i) {
    long from =
        EventTime.nanos(MonthOfEvents.FROM) + i % 30 * Duration.ofDays(1).toNanos();
    return with(
        filter.subjects(),
        null,
        new EventFilter.Range(from, from + Duration.ofDays(1).toNanos()));
  }

  private static EventFilter rare() {
    return with(null, "rare.call", EventFilter.Range.ALL);
  }

  private EventPage page(EventFilter filter, int limit, @Nullable EventCursor after)
      throws Exception {
    return await(() ->
        explorer.search(new EventSearch(filter, limit, after, false)).await(10, TimeUnit.MINUTES));
  }

  private int page(EventFilter filter, int limit) throws Exception {
    return page(filter, limit, null).events().size();
  }

  private int all(EventFilter filter) throws Exception {
    EventPage page = page(filter, EventSearch.LIMIT_MAX, null);
    int found = page.events().size();
    while (page.next() != null) {
      page = page(filter, EventSearch.LIMIT_MAX, page.next());
      found += page.events().size();
    }
    return found;
  }

  private int event(int i) throws Exception {
    String id = MonthOfEvents.id((i * 7_919_993L + 13) % load.events());
    return await(() -> explorer
        .history(MonthOfEvents.TENANT, "gateway-1", id)
        .await(10, TimeUnit.MINUTES)
        .size());
  }

  private static <T> T await(Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public void close() throws Exception {
    explorer.stop();
    journal.close();
    vertx.close().await(30, TimeUnit.SECONDS);
  }
}
