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
 * @param stepMillis of each step of that search
 */
public record LoadSettings(
    long rate,
    long firstRate,
    long stepMillis,
    int runs,
    int meters,
    EventShape shape,
    Protocol protocol,
    LoadPlan.Senders senders,
    long warmUpMillis,
    long measuredMillis) {

  public static final long FIND_CAPACITY = 0;

  private static final int METERS_MAX = 50;
  private static final int BATCH_MAX = 10_000;

  /** The options that {@link #of} reads. */
  public static List<Option> options(String rate, String batch, String connections) {
    return List.of(
        new Option(
            "rate", "N|max", rate, "events a second; max finds the capacity, then 70 and 50 %"),
        new Option("batch", "N", batch, "events in a request"),
        new Option("runs", "N", "1", "runs at each rate; figures are medians"),
        new Option("seconds", "N", "20", "measured in each run"),
        new Option("warm-up", "N", "10", "seconds before, not measured"),
        new Option("senders", "N", "1", "sending threads, each with connections of its own"),
        new Option("connections", "N", connections, "of all senders together"),
        new Option(
            "protocol", "h1|h2c", "h1", "HTTP/1.1 kept alive, or HTTP/2 with prior knowledge"),
        new Option("format", "ndjson|array", "ndjson", "how events stand in a body"),
        new Option("subjects", "N", "200", "distinct subjects"),
        new Option("meters", "N", "1", "meters that count each event"),
        new Option("groups", "N", "4", "distinct values that meters group by"),
        new Option("from", "N", "10000", "events a second at which the search for capacity begins"),
        new Option("step", "N", "5", "seconds of each step of that search"));
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
    return new LoadSettings(
        options.text("rate").equals("max") ? FIND_CAPACITY : options.number("rate", 1, 100_000_000),
        ifDeclared(options, "from", 100_000_000, 1),
        ifDeclared(options, "step", 600, 1) * 1_000,
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

  /** The same with one thing in each request. */
  public LoadSettings single() {
    return with(new EventShape(shape.format(), 1, shape.subjects(), shape.groups()), meters);
  }

  /** The same with other events, or counted by another number of meters. */
  public LoadSettings with(EventShape other, int otherMeters) {
    return new LoadSettings(
        rate,
        firstRate,
        stepMillis,
        runs,
        otherMeters,
        other,
        protocol,
        senders,
        warmUpMillis,
        measuredMillis);
  }

  /** The load on a server at a rate. */
  public LoadPlan plan(Target target, long eventsPerSecond) {
    return new LoadPlan(
        target.url(),
        target.key(),
        protocol,
        eventsPerSecond,
        shape.eventsPerRequest(),
        senders,
        warmUpMillis,
        measuredMillis);
  }

  /** What a reader must know of it. */
  public List<Fact> facts(int eventBytes) {
    return List.of(
        new Fact(
            "load",
            rate == FIND_CAPACITY
                ? "open loop, capacity searched from %,d events/s".formatted(firstRate)
                : "open loop, %,d events/s".formatted(rate)),
        new Fact(
            "requests",
            String.format(
                Locale.ROOT,
                "%,d events each, %s, %s, %,d bytes an event",
                shape.eventsPerRequest(),
                shape.format().type(),
                protocol == Protocol.H1 ? "HTTP/1.1 kept alive" : "HTTP/2 with prior knowledge",
                eventBytes)),
        new Fact(
            "senders", senders.count() + " threads, " + senders.connections() + " connections"),
        new Fact(
            "events",
            String.format(
                Locale.ROOT,
                "%,d subjects, %,d groups, %d meters count each",
                shape.subjects(),
                shape.groups(),
                meters)),
        new Fact(
            "time",
            "%d runs of %d s after %d s of warm-up each"
                .formatted(runs, measuredMillis / 1_000, warmUpMillis / 1_000)),
        new Fact("latency", "from when a request was due to its whole answer"));
  }
}
