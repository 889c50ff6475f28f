package dev.weir.benchmarks.table;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.ingest.EventBody;
import dev.weir.benchmarks.ingest.LocalRuns;
import dev.weir.benchmarks.ingest.LocalSettings;
import dev.weir.benchmarks.load.ClosedLoop;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.BenchDatabase;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import dev.weir.gateway.postgres.DatabaseLogin;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** A table in the PostgreSQL that Weir embeds, with its settings, over several connections. */
public final class TableBenchmark implements AutoCloseable {

  public static final Contender TABLE = new Contender(
      "table",
      "what a user could take instead: a PostgreSQL table with a unique key",
      "A PostgreSQL table with a unique key",
      "inserted unless its key is there, and committed with synchronous_commit and fsync on;"
          + " nothing was received over HTTP, parsed or added up",
      options(),
      TableBenchmark::run);

  private static final int CONNECTIONS_MAX = 40;

  private final LocalSettings settings;
  private final Console console;
  private final BenchDatabase database;
  private final List<String> faults = new ArrayList<>();

  private TableBenchmark(LocalSettings settings, Console console, BenchDatabase database) {
    this.settings = settings;
    this.console = console;
    this.database = database;
  }

  private static List<Option> options() {
    List<Option> options = new ArrayList<>(LocalSettings.OPTIONS);
    options.add(new Option("database-connections", "N,…", "1,2,4", "to the table's PostgreSQL"));
    return options;
  }

  private static Contender.Measured run(Options options, Console console) throws Exception {
    LocalSettings settings = LocalSettings.of(options);
    List<Long> connections = options.numbers("database-connections");
    if (connections.stream().anyMatch(count -> count > CONNECTIONS_MAX)) {
      throw new UsageFailure("--database-connections must be at most " + CONNECTIONS_MAX);
    }
    Path directory = Workspace.fresh(options);
    try {
      console.progress("table: starting PostgreSQL");
      try (TableBenchmark table =
          new TableBenchmark(settings, console, BenchDatabase.start(directory))) {
        return table.measured(connections);
      }
    } finally {
      Tree.delete(directory);
    }
  }

  private Contender.Measured measured(List<Long> connections) throws Exception {
    List<Section> sections = new ArrayList<>();
    List<Figure> rates = new ArrayList<>();
    Map<String, Histogram> curves = new LinkedHashMap<>();
    for (long count : connections) {
      LocalRuns runs = new LocalRuns(count == 1 ? "1 connection" : count + " connections");
      for (int i = 1; i <= settings.runs(); i++) {
        console.progress(
            "table: %d connections, run %d of %d".formatted(count, i, settings.runs()));
        runs.add(inserted((int) count, warmUpMillis(rates, i)));
      }
      rates.add(runs.rate());
      console.say("table, " + runs.rate().text());
      sections.add(runs.figures());
      curves.putAll(runs.curve());
    }
    sections.add(new Section.Percentiles("Each statement", curves));
    List<Fact> facts = new ArrayList<>(
        settings.facts(new EventBody(settings.shape(), "bench.local", "local").eventBytes()));
    facts.add(
        new Fact("table", "PostgreSQL 18 embedded, key (source, id), data jsonb, no other index"));
    facts.add(
        new Fact("statement", "INSERT … SELECT unnest(…) ON CONFLICT DO NOTHING, one a commit"));
    Figure best = rates.stream()
        .max(Comparator.comparingDouble(Figure::median))
        .orElseThrow(IllegalStateException::new);
    return new Contender.Measured(best, facts, sections, faults);
  }

  private Connection connect() throws SQLException {
    DatabaseLogin login = database.server().login();
    return DriverManager.getConnection(login.jdbcUrl(), login.jdbcProperties());
  }

  /** The first runs of all are those of a cold process. */
  private long warmUpMillis(List<Figure> before, int run) {
    return settings.warmUpMillis(before.isEmpty() ? run : run + 1);
  }

  private ClosedLoop.Result inserted(int count, long warmUpMillis) throws Exception {
    AtomicLong numbers = new AtomicLong();
    List<Connection> connections = new ArrayList<>();
    try (Connection own = connect()) {
      execute(own, "DROP TABLE IF EXISTS usage_event");
      execute(own, EventInserts.TABLE);
      List<EventInserts> inserts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Connection connection = connect();
        connections.add(connection);
        inserts.add(
            new EventInserts(connection, settings.shape(), numbers, InstantSource.system()));
      }
      long eventsMax = settings.bytesMax() / 500;
      ClosedLoop.Result result = ClosedLoop.run(
          inserts, warmUpMillis, settings.measuredMillis(), () -> numbers.get() < eventsMax);
      check(own, numbers.get());
      return result;
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private void check(Connection connection, long inserted) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM usage_event")) {
      rows.next();
      if (rows.getLong(1) != inserted) {
        faults.add(String.format(
            Locale.ROOT,
            "%,d events were inserted, but the table has %,d",
            inserted,
            rows.getLong(1)));
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
