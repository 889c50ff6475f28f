package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.report.CoreSpeed;
import dev.weir.benchmarks.server.ServerSample;
import dev.weir.benchmarks.server.ServerUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/** Loads a server as the settings say: at one rate, or at its capacity and parts of it. */
public final class EventLoad {

  /** More requests than any server answers: as many are under way always as there can be. */
  private static final long REQUESTS_OF_CLOSED_LOOP = 500_000;

  private static final long PERCENT_OF_CLOSED_LOOP = 90;

  private final ServerUnderLoad server;
  private final LoadSettings settings;
  private final Console console;
  private final String name;

  /**
   * @param name of the server, for the progress line
   */
  public EventLoad(ServerUnderLoad server, LoadSettings settings, Console console, String name) {
    this.server = server;
    this.settings = settings;
    this.console = console;
    this.name = name;
  }

  /** Runs all of it. */
  public EventLoadResult run() throws InterruptedException {
    return run(settings.parts());
  }

  /**
   * Runs all of it.
   *
   * @param parts of the capacity in percent, if that is to be found, that are measured then, the least
   *     first; the result has them in this order
   */
  public EventLoadResult run(List<Long> parts) throws InterruptedException {
    if (settings.rate() != LoadSettings.FIND_CAPACITY) {
      String level = String.format(
          Locale.ROOT, "At %,d %s", settings.rate(), server.words().unit());
      return new EventLoadResult(
          0, List.of(), List.of(level(level, settings.rate(), settings.warmUpMillis())));
    }
    CapacitySearch search = search();
    long capacity = search.capacity();
    Map<Long, Level> levels = new TreeMap<>();
    // From the least on, so that none pays for work that a higher one puts off, as merging files.
    for (long part : new TreeSet<>(parts)) {
      long rate = Math.max(1, capacity * part / 100);
      String level = String.format(
          Locale.ROOT,
          "At %d %% of capacity, %,d %s",
          part,
          rate,
          server.words().unit());
      levels.put(
          part, level(level, rate, LoadSettings.shortWarmUpMillis(settings.measuredMillis())));
    }
    return new EventLoadResult(
        capacity,
        search.steps(),
        parts.stream().map(part -> Objects.requireNonNull(levels.get(part))).toList());
  }

  /** Events a second that the server takes: as the settings have it, or found out. Warms it up first. */
  public long capacity() throws InterruptedException {
    if (settings.rate() == LoadSettings.FIND_CAPACITY) {
      return search().capacity();
    }
    warmUp(settings.rate());
    return settings.rate();
  }

  private CapacitySearch search() throws InterruptedException {
    long first = settings.firstRate();
    if (first == LoadSettings.PROBE) {
      first = nearBelow(closedLoop());
    } else {
      warmUp(first);
    }
    CapacitySearch search = new CapacitySearch(this::keepsUp);
    search.find(first);
    return search;
  }

  /** A cold server would end the search at its first step. */
  private void warmUp(long rate) throws InterruptedException {
    if (settings.warmUpMillis() > 0) {
      console.progress(name + ": warming up");
      LoadPlan plan = settings.plan(server.target(), rate);
      server.run(plan.lasting(0, settings.warmUpMillis()), () -> {});
      server.check();
    }
  }

  /** What is sustained in an open loop is a little less than what a closed one does. */
  public static long nearBelow(long closedLoop) {
    if (closedLoop == 0) {
      throw new IllegalStateException("nothing is answered as it should be in a closed loop");
    }
    return Math.max(1, closedLoop * PERCENT_OF_CLOSED_LOOP / 100);
  }

  /**
   * Warms the server up with as many requests under way as there can be, each sent when the one before
   * is answered, and gives how many a second there were then; 0 if none was answered as it should be.
   */
  public long closedLoop() throws InterruptedException {
    console.progress(name + ": warming up in a closed loop");
    long rate = REQUESTS_OF_CLOSED_LOOP * settings.shape().eventsPerRequest();
    LoadPlan plan = settings
        .plan(server.target(), rate)
        .lasting(settings.warmUpMillis(), settings.search().stepMillis());
    LoadResult result = server.run(plan, () -> {});
    server.check();
    console.say(String.format(
        Locale.ROOT,
        "%s: %,.0f %s in a closed loop",
        name,
        result.eventsPerSecond(),
        server.words().unit()));
    return (long) result.eventsPerSecond();
  }

  private boolean keepsUp(long rate, boolean forLong) throws InterruptedException {
    long millis = forLong ? settings.search().holdMillis() : settings.search().stepMillis();
    String line = String.format(
        Locale.ROOT,
        "%s: trying %,d %s for %d s",
        name,
        rate,
        server.words().unit(),
        millis / 1_000);
    LoadPlan plan = settings
        .plan(server.target(), rate)
        .lasting(LoadSettings.shortWarmUpMillis(millis), millis);
    // It is checked as well, so that the next step does not pay for this one's backlog.
    Run run = run(plan, line);
    LoadResult result = run.load();
    List<String> shortfalls = run.shortfalls();
    console.say(String.format(
        Locale.ROOT,
        "%s: %,d %s for %d s %s: %,.0f done, p99 %.1f ms%s",
        name,
        rate,
        server.words().unit(),
        millis / 1_000,
        shortfalls.isEmpty() ? "kept up" : "too much",
        result.eventsPerSecond(),
        result.latencies().getValueAtPercentile(99) / 1e3,
        shortfalls.isEmpty() ? "" : "; " + String.join("; ", shortfalls)));
    requireSomeWanted(result);
    return shortfalls.isEmpty();
  }

  /** A server that answers nothing as it should does not because of the rate: its disk may be full. */
  private static void requireSomeWanted(LoadResult result) {
    if (result.noneWanted()) {
      throw new IllegalStateException(
          "no request is answered as it should be, whatever the rate; answers by status: "
              + new TreeMap<>(result.others())
              + "; is there room on the disk of the journal?");
    }
  }

  private Level level(String title, long rate, long warmUpMillis) throws InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (int i = 1; i <= settings.runs(); i++) {
      String line = String.format(
          Locale.ROOT,
          "%s: %,d %s, run %d of %d",
          name,
          rate,
          server.words().unit(),
          i,
          settings.runs());
      LoadPlan plan = settings.plan(server.target(), rate);
      Run run = run(plan.lasting(warmUpMillis, settings.measuredMillis()), line);
      runs.add(run);
      console.say(String.format(
          Locale.ROOT,
          "%s: %,.0f %s %s, p50 %.2f, p99 %.2f, p99.9 %.2f ms; %s",
          name,
          run.load().eventsPerSecond(),
          server.words().unit(),
          server.words().done(),
          run.load().latencies().getValueAtPercentile(50) / 1e3,
          run.load().latencies().getValueAtPercentile(99) / 1e3,
          run.load().latencies().getValueAtPercentile(99.9) / 1e3,
          run.check().text()));
    }
    return new Level(title, server.words(), rate, runs);
  }

  private Run run(LoadPlan plan, String line) throws InterruptedException {
    double coreSpeed = CoreSpeed.ofThisMachine().atOnce();
    // Once before the warm-up too: a path taken for the first time has compiled code thrown away.
    // That must not happen at the beginning of what is measured.
    AtomicReference<ServerSample> before = new AtomicReference<>(server.target().sample());
    Optional<VisibilityProbe> probe = server.probe();
    LoadResult load;
    ServerUse use;
    try (Console.Ticking ticking =
        console.ticking(line, plan.warmUpMillis() + plan.measuredMillis())) {
      load = server.run(plan, () -> before.set(server.target().sample()));
      use = new ServerUse(Objects.requireNonNull(before.get()), server.target().sample());
    } finally {
      if (probe.isPresent()) {
        probe.get().close();
      }
    }
    Visibility visible = probe.map(VisibilityProbe::found).orElseGet(Visibility::none);
    Run run = new Run(coreSpeed, load, use, visible, server.check());
    List<String> shortfalls = Run.shortfalls(load, visible, use.to().unindexedEvents());
    // Whoever publishes the rate must see that it was not sustained.
    return shortfalls.isEmpty()
        ? run
        : run.noting("the rate was not sustained: " + String.join("; ", shortfalls));
  }
}
