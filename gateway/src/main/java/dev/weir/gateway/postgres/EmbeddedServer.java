package dev.weir.gateway.postgres;

import dev.weir.gateway.config.StartFailure;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of our own on files that are kept. Only one process may hold the directory (see
 * {@link dev.weir.gateway.data.DataDirectory}). All methods block, and are called by one thread at a
 * time.
 */
public final class EmbeddedServer implements AutoCloseable {

  public static final String OWNER = "weir_owner";
  public static final String DATABASE = "weir";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
  private static final String HOST = "127.0.0.1";
  private static final String SUPERUSER = "postgres";
  private static final List<String> DURABLE =
      List.of("fsync", "full_page_writes", "synchronous_commit");
  private static final int PORT_TRIES = 5;
  private static final int SETUP_TIMEOUT_SECONDS = 120;
  /** Long enough to replay what a crash left in the write-ahead log. */
  private static final int START_TIMEOUT_SECONDS = 300;

  private static final int STOP_TIMEOUT_SECONDS = 30;

  /** For a stop that writes nothing out. */
  private static final int STOP_AT_ONCE_SECONDS = 5;

  private final Path directory;
  private final Path data;
  private final Programs programs;
  private final ServerAccount account;
  private final Binaries binaries;
  private final Credentials credentials;
  private int port;

  private EmbeddedServer(
      Path directory,
      Programs programs,
      ServerAccount account,
      Path cache,
      RandomGenerator random) {
    this.directory = directory;
    this.data = directory.resolve("postgres");
    this.programs = programs;
    this.account = account;
    this.binaries = Binaries.unpacked(cache);
    this.credentials = Credentials.readOrCreate(directory, random);
  }

  /**
   * Prepares a server in a directory and starts it: about 3 s for a new one, 0.3 s for a kept one,
   * longer after a crash.
   *
   * @param directory the data directory, held by this process
   * @param cache where the server's programs are unpacked, shared between directories
   * @throws StartFailure with the reason if it does not start
   */
  public static EmbeddedServer start(Path directory, Path cache, RandomGenerator random) {
    try {
      Programs programs = new Programs(directory);
      ServerAccount account = ServerAccount.choose(directory, programs);
      // Another account could not read what is below our home.
      Path programsHome =
          account.uid() >= 0 || !isWritable(cache) ? directory.resolve("postgres-programs") : cache;
      EmbeddedServer server =
          new EmbeddedServer(directory, programs, account, programsHome, random);
      server.setUp();
      server.start();
      return server;
    } catch (IOException | IllegalStateException e) {
      throw StartFailure.surroundings("the embedded PostgreSQL does not start: %s; see %s."
          .formatted(e.getMessage(), directory.resolve("postgres").resolve("log")));
    }
  }

  private static boolean isWritable(Path cache) {
    try {
      Files.createDirectories(cache);
      return Files.isWritable(cache);
    } catch (IOException e) {
      return false;
    }
  }

  /** How to sign in as the owner of the database. */
  public DatabaseLogin login() {
    return new DatabaseLogin(
        HOST, port, DATABASE, OWNER, credentials.ownerPassword(), SslMode.DISABLE, null);
  }

  /** How to sign in as superuser, for maintenance and for tests that look behind row security. */
  public DatabaseLogin superuserLogin() {
    return new DatabaseLogin(
        HOST, port, DATABASE, SUPERUSER, credentials.superuserPassword(), SslMode.DISABLE, null);
  }

  /** The process id of the running server. */
  public Optional<Long> pid() {
    try {
      return Postmaster.on(data).map(ProcessHandle::pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again after a {@link #stop()}, on the same port. */
  public void start() throws IOException {
    stopOrphan();
    IOException last = null;
    for (int i = 0; i < PORT_TRIES; i++) {
      int candidate = port == 0 ? freePort() : port;
      writeSettings(candidate);
      try {
        Files.deleteIfExists(startLogFile());
        control("start", START_TIMEOUT_SECONDS, "-l", startLogFile().toString());
        port = candidate;
        verifyOrStop();
        return;
      } catch (Programs.Failed e) {
        last = new IOException(e.getMessage() + " " + startLog(), e);
        if (!startLog().contains("Address already in use")) {
          break;
        }
      }
    }
    throw last == null ? new IOException("no free port") : last;
  }

  /** Ends the server that a killed Weir left on a data directory, if there is one. */
  public static void stopLeftOver(Path directory) throws IOException {
    Optional<ProcessHandle> orphan = Postmaster.on(directory.resolve("postgres"));
    if (orphan.isPresent()) {
      orphan.get().destroy();
      try {
        orphan.get().onExit().get(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("PostgreSQL " + orphan.get().pid() + " does not stop", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** Ends all sessions, writes everything out and stops the server. Does nothing if it is down. */
  public void stop() {
    stop(Duration.ofSeconds(STOP_TIMEOUT_SECONDS));
  }

  /**
   * The same within about this time: a server that has not written everything out by then is stopped
   * without, and recovers from its log at the next start.
   */
  public void stop(Duration patience) {
    try {
      if (Postmaster.on(data).isPresent()) {
        int seconds = (int) patience.toSeconds();
        stopServer(Math.max(1, seconds - STOP_AT_ONCE_SECONDS), STOP_AT_ONCE_SECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void stopServer(int seconds, int atOnceSeconds) throws IOException {
    try {
      control("stop", seconds, "-m", "fast");
    } catch (Programs.Failed e) {
      LOG.warn("PostgreSQL does not stop in time, stopping it at once: {}", e.getMessage());
      control("stop", atOnceSeconds, "-m", "immediate");
    }
  }

  /** A Weir that was killed leaves its server running, or a file that names a process long gone. */
  private void stopOrphan() throws IOException {
    Optional<ProcessHandle> orphan = Postmaster.on(data);
    if (orphan.isPresent()) {
      LOG.info("stopping PostgreSQL {} that an earlier Weir left", orphan.get().pid());
      stopServer(STOP_TIMEOUT_SECONDS, STOP_TIMEOUT_SECONDS);
    }
    // With a reused process number in it, the server would refuse to start. If backends of an old
    // server still live, its shared memory makes the new one refuse, with or without this file.
    Files.deleteIfExists(Postmaster.pidFile(data));
  }

  private void setUp() throws IOException {
    Path version = data.resolve("PG_VERSION");
    if (Files.exists(version)) {
      checkVersion(Files.readString(version).strip());
      return;
    }
    LOG.info("setting up PostgreSQL {} in {}", Binaries.VERSION, data);
    Path draft = directory.resolve("postgres-new");
    delete(draft);
    account.makeDirectory(draft);
    programs.run(
        account.command(
            binaries.program("initdb"),
            "-D",
            draft.toString(),
            "--username=" + SUPERUSER,
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth=reject",
            "--no-instructions"),
        "",
        SETUP_TIMEOUT_SECONDS);
    createRolesAndDatabase(draft);
    Files.writeString(
        draft.resolve("pg_hba.conf"), "host all all %s/32 scram-sha-256%n".formatted(HOST));
    Files.writeString(
        draft.resolve("postgresql.conf"),
        "%ninclude 'weir.conf'%n".formatted(),
        StandardOpenOption.APPEND);
    Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void checkVersion(String major) {
    if (!major.equals(Integer.toString(Binaries.MAJOR))) {
      throw new IllegalStateException(
          "its files are of PostgreSQL %s, but this Weir brings %d; dump and restore them"
              .formatted(major, Binaries.MAJOR));
    }
  }

  /** In single-user mode, which needs no password and lets nobody else in. One statement a line. */
  private void createRolesAndDatabase(Path draft) throws IOException {
    programs.run(
        account.command(
            binaries.program("postgres"), "--single", "-D", draft.toString(), SUPERUSER),
        """
        ALTER ROLE %s PASSWORD '%s'
        CREATE ROLE %s LOGIN NOSUPERUSER CREATEROLE PASSWORD '%s'
        CREATE DATABASE %s OWNER %s
        """.formatted(
                SUPERUSER,
                credentials.superuserPassword(),
                OWNER,
                credentials.ownerPassword(),
                DATABASE,
                OWNER),
        SETUP_TIMEOUT_SECONDS);
    if (programs.said().contains("ERROR:")) {
      throw new Programs.Failed("setting up the roles failed: " + programs.said());
    }
  }

  private void writeSettings(int candidatePort) throws IOException {
    Path settings = data.resolve("weir.conf");
    Files.writeString(settings, """
        # Written by Weir at each start. Change settings with ALTER SYSTEM, not here.
        listen_addresses = '%s'
        port = %d
        unix_socket_directories = ''
        max_connections = 50
        shared_buffers = 128MB
        max_wal_size = 2GB
        jit = off
        fsync = on
        full_page_writes = on
        synchronous_commit = on
        password_encryption = scram-sha-256
        timezone = 'UTC'
        log_timezone = 'UTC'
        # A week of logs, one file for each day.
        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgres-%%a.log'
        log_rotation_age = 1d
        log_rotation_size = 0
        log_truncate_on_rotation = on
        """.formatted(HOST, candidatePort));
    account.own(settings);
  }

  private void control(String action, int timeoutSeconds, String... more) throws IOException {
    List<String> command = account.command(
        binaries.program("pg_ctl"), "-D", data.toString(), "-w", "-t", timeoutSeconds + "");
    command.addAll(List.of(more));
    command.add(action);
    programs.run(command, "", timeoutSeconds + 10);
  }

  private Path startLogFile() {
    return data.resolve("start.log");
  }

  private String startLog() throws IOException {
    return Files.exists(startLogFile()) ? Files.readString(startLogFile()).strip() : "";
  }

  private void verifyOrStop() throws IOException {
    try {
      verify();
    } catch (IOException e) {
      stop();
      throw e;
    }
  }

  /** Signs in as the owner and makes sure that what is committed is kept. */
  private void verify() throws IOException {
    DatabaseLogin login = login();
    try (Connection connection =
            DriverManager.getConnection(login.jdbcUrl(), login.jdbcProperties());
        Statement statement = connection.createStatement()) {
      for (String setting : DURABLE) {
        try (ResultSet answer = statement.executeQuery("SHOW " + setting)) {
          if (!answer.next() || !"on".equals(answer.getString(1))) {
            throw new IOException(setting + " is not on; someone changed it with ALTER SYSTEM");
          }
        }
      }
    } catch (SQLException e) {
      throw new IOException("cannot sign in with the password in %s: %s"
          .formatted(Credentials.file(directory), e.getMessage()));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> files = Files.walk(tree)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
