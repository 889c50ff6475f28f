package dev.weir.benchmarks.jmh;

import dev.weir.benchmarks.server.BenchDatabase;
import dev.weir.benchmarks.server.Tree;
import dev.weir.gateway.postgres.DatabaseLogin;
import dev.weir.gateway.postgres.Migrations;
import dev.weir.metering.aggregate.MeterReplay;
import dev.weir.metering.database.Database;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.rollup.WindowMonths;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The PostgreSQL that Weir embeds, with Weir's tables, for windows around a time; blocks. */
final class WindowDatabase implements AutoCloseable {

  private static final int CONNECTIONS = 2;
  private static final int SECONDS_MAX = 60;

  private final Vertx vertx = Vertx.vertx();
  private final Path directory;
  private final BenchDatabase server;
  private final Database database;
  private final WindowMonths months;

  WindowDatabase(Instant around) throws IOException {
    directory = Tree.fresh(Path.of(System.getProperty("java.io.tmpdir")));
    server = BenchDatabase.start(directory);
    DatabaseLogin login = server.server().login();
    Migrations.run(login);
    database = Database.open(vertx, login.connectOptions(), CONNECTIONS, CONNECTIONS);
    months = new WindowMonths(database, InstantSource.fixed(around));
  }

  /** Makes sure that the tables of its months are there. */
  void prepare(MeterReplay.Portion portion) {
    portion.complete(JournalPosition.START, months);
  }

  /** Writes it in a transaction of its own. */
  void write(MeterReplay.Portion portion) {
    await(database.asEngine(portion::write));
    portion.committed();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the database does not answer", e);
    }
  }

  @Override
  public void close() {
    await(database.close());
    await(vertx.close());
    server.close();
    Tree.delete(directory);
  }
}
