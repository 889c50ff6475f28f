package dev.weir.metering.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * A fresh, migrated database on one real PostgreSQL shared by the tests of a JVM. The login is an
 * ordinary role that owns the database, as in production; durability is off for speed.
 */
public final class TestDatabase implements AutoCloseable {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres server;

  private final String name;
  private final Vertx vertx;
  private final Database database;

  private TestDatabase(String name) {
    this.name = name;
    this.vertx = Vertx.vertx();
    this.database = Database.open(vertx, login(), 4, 4);
  }

  /** Creates, migrates and opens a database of its own; the server starts at the first call. */
  public static TestDatabase create() {
    return create("latest");
  }

  /** The same, migrated up to a version only. */
  public static TestDatabase create(String version) {
    String name = "weir_test_" + NUMBER.incrementAndGet();
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " OWNER weir_owner");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create " + name, e);
    }
    TestDatabase database = new TestDatabase(name);
    database.migrate(version);
    return database;
  }

  /** Migrates up to a version, or to the "latest". */
  public void migrate(String version) {
    Flyway.configure()
        .dataSource(server.getJdbcUrl("weir_owner", name), "weir_owner", "")
        .target(version)
        .load()
        .migrate();
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE ROLE weir_owner LOGIN CREATEROLE");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return server;
  }

  public Database database() {
    return database;
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Options to connect as the owner. */
  public PgConnectOptions login() {
    return new PgConnectOptions()
        .setHost("localhost")
        .setPort(server.getPort())
        .setDatabase(name)
        .setUser("weir_owner")
        .setPassword("");
  }

  /** A JDBC connection as superuser, for checks that look behind row-level security. */
  public Connection superuser() throws SQLException {
    return server.getDatabase("postgres", name).getConnection();
  }

  /** Breaks every connection and takes no new ones, as a database that is away; or lets them in again. */
  public void allowConnections(boolean allowed) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + allowed);
      if (!allowed) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                .formatted(name));
      }
    }
  }

  /** Inserts a tenant row and gives its id. */
  public UUID newTenant() {
    UUID tenantId = UUID.randomUUID();
    try (Connection connection = superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO tenants (tenant_id, name, created_at) VALUES ('%s', 'Test', now())"
              .formatted(tenantId));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return tenantId;
  }

  /** Waits up to 30 s for a future; rethrows what it failed with. Never call on an event loop. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    await(database.close());
    await(vertx.close());
  }
}
