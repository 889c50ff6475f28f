package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.Protocol;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.server.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A load of events, as the command line has it.
 *
 * @param rate events a second; {@link #FIND_CAPACITY} to find out how many there can be
 * @param firstRate at which that begins; {@link #PROBE} to begin near what a closed loop does
 * @param search how that is found out
 * @param parts of the capacity that are measured when it is found, in percent
 */
public record LoadSettings(
    long rate,
    long firstRate,
    Search search,
    List<Long> parts,
    int runs,
    int meters,
    EventShape shape,
    Protocol protocol,
    LoadPlan.Senders senders,
    long warmUpMillis,
    long measuredMillis) {

  /**
   * How a capacity is searched for.
   *
   * @param stepMillis of each step
   * @param holdMillis for which what was found must be kept up with
   */
  public record Search(long stepMillis, long holdMillis) {}

  public static final long FIND_CAPACITY = 0;
  public static final long PROBE = 0;

  private static final List<Long> ALL_OF_IT = List.of(100L);
  private static final int METERS_MAX = 50;
  private static final int BATCH_MAX = 10_000;
  private static final int PART_MAX = 300;
  private static final int SHORT_WARM_UP_PART = 5;

  /** The options that {@link #of} reads. */
  public static List<Option> options(String rate, String batch, String connections) {
    return List.of(
        new Option(
            "rate", "N|max", rate, "events a second; max finds the capacity, then parts of it"),
        new Option("batch", "N", batch, "events in a request"),
        new Option("runs", "N", "1", "runs at each rate; figures are medians"),
        new Option("seconds", "N", "20", "measured in each run"),
        new Option(
            "warm-up", "N", "10", "seconds before, not measured; with max before the search"),
        new Option("senders", "N", "1", "sending threads, each with connections of its own"),
        new Option("connections", "N", connections, "of all senders together"),
        new Option(
            "protocol", "h1|h2c", "h1", "HTTP/1.1 kept alive, or HTTP/2 with prior knowledge"),
        new Option("format", "ndjson|array", "ndjson", "how events stand in a body"),
        new Option("subjects", "N", "200", "distinct subjects"),
        new Option("meters", "N", "1", "meters that count each event"),
        new Option("groups", "N", "4", "distinct values that meters group by"),
        new Option("from", "N", "", "where the search begins; else near what a closed loop does"),
        new Option("step", "N", "5", "seconds of each step of that search"),
        new Option("hold", "N", "60", "seconds for which what it finds must then be kept up with"),
        new Option("parts", "N,…", "100,70,50", "percent of the capacity that are measured"));
  }

  /** The options of a load and of the server that it goes to. */
  public static List<Option> withServer(String rate, String batch, String connections) {
    List<Option> all = new ArrayList<>(options(rate, batch, connections));
    all.addAll(Target.options());
    return all;
  }

  public static LoadSettings of(Options options) {
    int senders = options.count("senders");
    int connections = options.count("connections");
    if (connections < senders) {
      throw new UsageFailure(
          "--connections must be at least --senders (%d), not %d".formatted(senders, connections));
    }
    List<Long> parts = options.isDeclared("parts") ? options.numbers("parts") : ALL_OF_IT;
    if (parts.stream().anyMatch(part -> part > PART_MAX)) {
      throw new UsageFailure("--parts must be percent from 1 to %d, not '%s'"
          .formatted(PART_MAX, options.text("parts")));
    }
    return new LoadSettings(
        options.text("rate").equals("max") ? FIND_CAPACITY : options.number("rate", 1, 100_000_000),
        options.isDeclared("from") && options.isGiven("from")
            ? options.number("from", 1, 100_000_000)
            : PROBE,
        new Search(
            ifDeclared(options, "step", 600, 1) * 1_000,
            ifDeclared(options, "hold", 3_600, 1) * 1_000),
        parts,
        (int) ifDeclared(options, "runs", 100, 1),
        (int) options.number("meters", 1, METERS_MAX),
        new EventShape(
            options.choice("format", BodyFormat.class),
            (int) options.number("batch", 1, BATCH_MAX),
            (int) options.number("subjects", 1, EventShape.SUBJECTS_MAX),
            (int) options.number("groups", 1, EventShape.GROUPS_MAX)),
        options.choice("protocol", Protocol.class),
        new LoadPlan.Senders(senders, connections),
        options.number("warm-up", 0, 3_600) * 1_000,
        options.number("seconds", 1, 86_400) * 1_000);
  }

  /** What a benchmark of one rate or one run does not ask for. */
  private static long ifDeclared(Options options, String name, long max, long otherwise) {
    return options.isDeclared(name) ? options.number(name, 1, max) : otherwise;
  }

  /** The same with so many things in each request. */
  public LoadSettings withBatch(int batch) {
    return with(new EventShape(shape.format(), batch, shape.subjects(), shape.groups()), meters);
  }

  /** The same with other events, or counted by another number of meters. */
  public LoadSettings with(EventShape other, int otherMeters) {
    return with(firstRate, otherMeters, other, protocol, warmUpMillis);
  }

  /**
   * The same at a server that is warm.
   *
   * @param rate at which the search for its capacity begins
   */
  public LoadSettings startingWarmAt(long rate) {
    return with(rate, meters, shape, protocol, 0);
  }

  /** The same at a rate, whatever it was before. */
  public LoadSettings at(long otherRate) {
    return new LoadSettings(
        otherRate,
        firstRate,
        search,
        parts,
        runs,
        meters,
        shape,
        protocol,
        senders,
        warmUpMillis,
        measuredMillis);
  }

  /** The same for a server that speaks nothing else. */
  public LoadSettings overHttp1() {
    return with(firstRate, meters, shape, Protocol.H1, warmUpMillis);
  }

  private LoadSettings with(
      long otherFirstRate,
      int otherMeters,
      EventShape otherShape,
      Protocol otherProtocol,
      long otherWarmUpMillis) {
    return new LoadSettings(
        rate,
        otherFirstRate,
        search,
        parts,
        runs,
        otherMeters,
        otherShape,
        otherProtocol,
        senders,
        otherWarmUpMillis,
        measuredMillis);
  }

  /** Of a step or a run at a server that is warm already: for queues to form. */
  static long shortWarmUpMillis(long measuredMillis) {
    return measuredMillis / SHORT_WARM_UP_PART;
  }

  /** The load on a server at a rate. */
  public LoadPlan plan(Target target, long eventsPerSecond) {
    return new LoadPlan(
        target.loadUrl(),
        target.key(),
        protocol,
        eventsPerSecond,
        shape.eventsPerRequest(),
        senders,
        warmUpMillis,
        measuredMillis);
  }

  /** What a reader must know of it, when it goes over HTTP. */
  public List<Fact> facts(int eventBytes) {
    return facts(
        String.format(
            Locale.ROOT,
            "%,d events each, %s, %s, %,d bytes an event",
            shape.eventsPerRequest(),
            shape.format().type(),
            protocolMeaning(),
            eventBytes),
        sentBy());
  }

  /** The same of requests over HTTP that send no events. */
  public List<Fact> facts(String request) {
    return facts(request + ", " + protocolMeaning(), sentBy());
  }

  private String protocolMeaning() {
    return protocol == Protocol.H1 ? "HTTP/1.1 kept alive" : "HTTP/2 with prior knowledge";
  }

  private String sentBy() {
    return senders.count() + " threads, " + senders.connections() + " connections";
  }

  /** What a reader must know of it, when it goes by another way. */
  public List<Fact> facts(String requests, String sentBy) {
    return List.of(
        new Fact(
            "load",
            rate == FIND_CAPACITY
                ? "open loop, capacity searched from " + start()
                : String.format(Locale.ROOT, "open loop, %,d events/s", rate)),
        new Fact("requests", requests),
        new Fact("senders", sentBy),
        new Fact(
            "events",
            String.format(
                Locale.ROOT,
                "%,d subjects, %,d groups, %d meters count each",
                shape.subjects(),
                shape.groups(),
                meters)),
        new Fact("time", time()),
        new Fact("latency", "from when a request was due to its whole answer"));
  }

  private String start() {
    return firstRate == PROBE
        ? "90 % of what a closed loop did"
        : String.format(Locale.ROOT, "%,d events/s", firstRate);
  }

  private String time() {
    return rate == FIND_CAPACITY
        ? String.format(
            Locale.ROOT,
            "%d runs of %d s at each rate; %d s of warm-up before the search, %.1f s before each run",
            runs,
            measuredMillis / 1_000,
            warmUpMillis / 1_000,
            shortWarmUpMillis(measuredMillis) / 1e3)
        : "%d runs of %d s after %d s of warm-up each"
            .formatted(runs, measuredMillis / 1_000, warmUpMillis / 1_000);
  }
}
