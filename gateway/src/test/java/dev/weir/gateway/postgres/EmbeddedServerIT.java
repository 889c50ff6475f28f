package dev.weir.gateway.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.TestDirectories;
import dev.weir.gateway.config.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerIT {

  @TempDir
  Path directory;

  private EmbeddedServer server;

  @BeforeEach
  void start() {
    server = newServer();
  }

  private EmbeddedServer newServer() {
    return EmbeddedServer.start(directory, TestDirectories.programs(), new SecureRandom());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Connection connect(DatabaseLogin login) throws SQLException {
    return DriverManager.getConnection(login.jdbcUrl(), login.jdbcProperties());
  }

  private static String ask(DatabaseLogin login, String query) throws SQLException {
    try (Connection connection = connect(login);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = connect(server.login());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void isDurable() throws SQLException {
    for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
      assertEquals("on", ask(server.login(), "SHOW " + setting), setting);
    }
    assertEquals("on", ask(server.login(), "SHOW data_checksums"));
  }

  @Test
  void isModestAndSpeaksUtf8AndUtc() throws SQLException {
    assertEquals("128MB", ask(server.login(), "SHOW shared_buffers"));
    assertEquals("50", ask(server.login(), "SHOW max_connections"));
    assertEquals("UTF8", ask(server.login(), "SHOW server_encoding"));
    assertEquals(
        "UTC",
        ask(
            server.superuserLogin(),
            "SELECT setting FROM pg_settings" + " WHERE name = 'log_timezone'"));
    assertEquals("äö", ask(server.login(), "SELECT lower('ÄÖ')"));
  }

  @Test
  void listensOnTheLoopbackOnlyAndOffersNoSocketFile() throws SQLException {
    assertEquals("127.0.0.1", ask(server.login(), "SHOW listen_addresses"));
    assertEquals("", ask(server.superuserLogin(), "SHOW unix_socket_directories"));
  }

  @Test
  void theOwnerIsNoSuperuser() throws SQLException {
    assertEquals("f f t f f", ask(server.login(), """
            SELECT concat_ws(' ', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication)
            FROM pg_roles WHERE rolname = 'weir_owner'
            """));
    assertEquals(
        "weir_owner",
        ask(
            server.login(),
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'weir'"));
  }

  @Test
  void nobodySignsInWithoutThePassword() {
    for (DatabaseLogin good : List.of(server.login(), server.superuserLogin())) {
      for (String password : List.of("", "postgres", "weir_owner")) {
        DatabaseLogin bad = new DatabaseLogin(
            good.host(), good.port(), good.database(), good.user(), password, good.sslMode(), null);
        assertThrows(SQLException.class, () -> connect(bad).close(), good.user());
      }
    }
  }

  @Test
  void passwordsAreKeptAsScramAndTheFileIsPrivate() throws Exception {
    assertEquals("t", ask(server.superuserLogin(), """
            SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin
            """));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve("postgres-credentials"))));
    assertNotEquals(server.login().password(), server.superuserLogin().password());
    String rules = Files.readString(directory.resolve("postgres/pg_hba.conf"));
    assertFalse(rules.contains("trust"), rules);
  }

  @Test
  void dataAndPasswordSurviveARestartWhichIsQuick() throws Exception {
    run("CREATE TABLE t AS SELECT 42 AS answer");
    String password = server.login().password();
    server.close();
    long began = System.nanoTime();
    server = newServer();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertEquals("42", ask(server.login(), "SELECT answer FROM t"));
    assertEquals(password, server.login().password());
    assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, took.toString());
  }

  @Test
  void canBeStoppedAndStartedAgainOnTheSamePort() throws Exception {
    int port = server.login().port();
    server.stop();
    server.stop();
    assertThrows(SQLException.class, () -> connect(server.login()).close());
    server.start();
    assertEquals(port, server.login().port());
    assertEquals("1", ask(server.login(), "SELECT 1"));
  }

  @Test
  void aServerThatAnEarlierProcessLeftIsStopped() throws Exception {
    run("CREATE TABLE t AS SELECT 42 AS answer");
    long orphan = server.pid().orElseThrow();
    // As after a kill -9 of Weir: the server runs, and a new process finds it.
    server = newServer();
    assertNotEquals(orphan, server.pid().orElseThrow());
    assertEquals("42", ask(server.login(), "SELECT answer FROM t"));
  }

  @Test
  void aKilledServerRecovers() throws Exception {
    run("CREATE TABLE t AS SELECT 42 AS answer");
    ProcessHandle process = ProcessHandle.of(server.pid().orElseThrow()).orElseThrow();
    assertTrue(process.destroyForcibly());
    server = startedWhenTheOldOneIsGone();
    assertEquals("42", ask(server.login(), "SELECT answer FROM t"));
  }

  /** The killed server's children hold its shared memory for a moment and rightly keep us out. */
  private EmbeddedServer startedWhenTheOldOneIsGone() {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        return newServer();
      } catch (StartFailure e) {
        if (System.nanoTime() > until) {
          throw e;
        }
      }
    }
  }

  @Test
  void aProcessNumberThatNowBelongsToAnotherProgramIsNoServer() throws Exception {
    server.stop();
    Files.writeString(
        directory.resolve("postgres/postmaster.pid"),
        "%d%n%s%n".formatted(ProcessHandle.current().pid(), directory.resolve("postgres")));
    assertTrue(server.pid().isEmpty());
    server.start();
    assertEquals("1", ask(server.login(), "SELECT 1"));
  }

  @Test
  void aHalfDoneSetUpIsDoneAgain() throws Exception {
    server.close();
    Files.move(directory.resolve("postgres"), directory.resolve("postgres-new"));
    server = newServer();
    assertEquals("1", ask(server.login(), "SELECT 1"));
    assertFalse(Files.exists(directory.resolve("postgres-new")));
  }

  @Test
  void anUndurableServerIsRefused() throws Exception {
    try (Connection connection = connect(server.superuserLogin());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET fsync = off");
    }
    server.stop();
    IOException failure = assertThrows(IOException.class, server::start);
    assertTrue(failure.getMessage().contains("fsync is not on"), failure.getMessage());
    assertTrue(server.pid().isEmpty());
  }

  @Test
  void lostCredentialsAreSaidToBeTheReason() throws Exception {
    server.close();
    Files.delete(directory.resolve("postgres-credentials"));
    StartFailure failure = assertThrows(StartFailure.class, this::newServer);
    assertTrue(failure.getMessage().contains("postgres-credentials"), failure.getMessage());
  }

  @Test
  void filesOfAnotherMajorVersionAreRefused() throws Exception {
    server.close();
    Files.writeString(directory.resolve("postgres/PG_VERSION"), "17\n");
    StartFailure failure = assertThrows(StartFailure.class, this::newServer);
    assertTrue(failure.getMessage().contains("of PostgreSQL 17"), failure.getMessage());
  }
}
