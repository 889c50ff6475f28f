package dev.weir.benchmarks.killbill;

import dev.weir.benchmarks.fetch.ContenderFiles;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.ingest.EventLoad;
import dev.weir.benchmarks.ingest.EventLoadResult;
import dev.weir.benchmarks.ingest.LoadSettings;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Jvm;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Kill Bill's usage API as something to compare with. */
public final class KillBillBenchmark {

  public static final Contender KILL_BILL = new Contender(
      "killbill",
      "what a user could take instead: Kill Bill's usage API, an old release",
      "Kill Bill's usage API, 0.22.26 of 2021",
      "a row in PostgreSQL, committed with synchronous_commit and fsync on; it has a unit, a day and"
          + " an amount, no event id, time or properties; a repeated tracking id refuses its whole"
          + " request; nothing is added up before an invoice is made",
      options(),
      KillBillBenchmark::run);

  private static final int RECORDS_MAX = 10_000;

  private final LoadSettings settings;
  private final List<Long> batches;
  private final Console console;
  private final LocalDate day = LocalDate.now(ZoneOffset.UTC);

  /** How many records a second there were with so many in a request. */
  private record Tried(int records, long recordsPerSecond) {}

  private KillBillBenchmark(Options options, Console console) {
    this.settings = LoadSettings.of(options).overHttp1();
    this.batches = options.numbers("usage-batches");
    this.console = console;
    if (batches.stream().anyMatch(batch -> batch > RECORDS_MAX)) {
      throw new UsageFailure("--usage-batches must be at most " + RECORDS_MAX);
    }
  }

  private static List<Option> options() {
    List<Option> options = new ArrayList<>(LoadSettings.options("1000", "1000", "8"));
    options.addAll(Workspace.OPTIONS);
    options.addAll(Jvm.OPTIONS);
    options.add(new Option(
        "usage-batches",
        "N,…",
        "100,1000,5000",
        "Kill Bill's records in a request; the best counts"));
    return options;
  }

  private static Contender.Measured run(Options options, Console console) throws Exception {
    KillBillBenchmark benchmark = new KillBillBenchmark(options, console);
    Jvm jvm = Jvm.of(options);
    Path files = ContenderFiles.of("killbill", console);
    Path directory = Workspace.fresh(options);
    console.progress("killbill: starting");
    try (KillBillServer server =
        KillBillServer.start(jvm, files, directory, Tree.reports(options))) {
      return benchmark.measured(server);
    } finally {
      Tree.delete(directory);
    }
  }

  private Contender.Measured measured(KillBillServer server)
      throws IOException, InterruptedException {
    KillBillClient client = new KillBillClient(server.target().url());
    String account = client.newAccount();
    List<Tried> tried = new ArrayList<>();
    for (long batch : batches) {
      LoadSettings own = settings.withBatch((int) batch);
      KillBillUsage usage = usage(server, client, account, own);
      tried.add(new Tried(
          (int) batch,
          load(usage, tried.isEmpty() ? own : own.startingWarmAt(LoadSettings.PROBE))
              .closedLoop()));
    }
    Tried best = tried.get(0);
    for (Tried one : tried) {
      best = one.recordsPerSecond() > best.recordsPerSecond() ? one : best;
    }
    LoadSettings own = settings.withBatch(best.records());
    KillBillUsage usage = usage(server, client, account, own);
    EventLoadResult result = load(
            usage, own.startingWarmAt(EventLoad.nearBelow(best.recordsPerSecond())))
        .run();
    List<Section> sections = new ArrayList<>(List.of(table(tried)));
    sections.addAll(result.sections());
    return new Contender.Measured(
        result.first().rate(), facts(server, usage, own), sections, result.faults());
  }

  private KillBillUsage usage(
      KillBillServer server, KillBillClient client, String account, LoadSettings own)
      throws InterruptedException {
    return new KillBillUsage(server.target(), client, account, own.shape().eventsPerRequest(), day);
  }

  private EventLoad load(KillBillUsage usage, LoadSettings own) {
    String name =
        String.format(Locale.ROOT, "killbill, %,d a request", own.shape().eventsPerRequest());
    return new EventLoad(usage, own, console, name);
  }

  private static Section table(List<Tried> tried) {
    List<List<String>> rows = new ArrayList<>();
    tried.forEach(one -> rows.add(List.of(
        String.format(Locale.ROOT, "%,d", one.records()),
        String.format(Locale.ROOT, "%,d", one.recordsPerSecond()))));
    return new Section.Table(
        "Batches in a closed loop", List.of("records in a request", "records/s"), rows);
  }

  private static List<Fact> facts(KillBillServer server, KillBillUsage usage, LoadSettings own) {
    List<Fact> facts = new ArrayList<>(own.facts(
        String.format(
            Locale.ROOT,
            "%,d records each, application/json, HTTP/1.1 kept alive, %d bytes a record",
            own.shape().eventsPerRequest(),
            usage.recordBytes()),
        own.senders().count() + " threads, " + own.senders().connections() + " connections"));
    facts.add(new Fact(
        "Kill Bill",
        "0.22.26 of August 2021, the newest that Maven Central has whole, on Jetty 9.4; PostgreSQL 18"
            + " with Weir's settings; one tenant, account and subscription; 1 iteration of the hash"
            + " of the tenant's secret instead of 200,000, which took most of a request"));
    facts.add(new Fact(
        "its purpose", "Kill Bill asks for a summary a day and subscription, not for events"));
    facts.add(new Fact("its JVM", server.target().meaning()));
    return facts;
  }
}
