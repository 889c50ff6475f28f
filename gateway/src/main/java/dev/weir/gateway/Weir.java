package dev.weir.gateway;

import dev.weir.api.auth.AuthRoutes;
import dev.weir.api.http.Answers;
import dev.weir.api.http.Problems;
import dev.weir.gateway.config.HttpSettings;
import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.data.DataDirectory;
import dev.weir.gateway.data.PrivateFile;
import dev.weir.gateway.health.Health;
import dev.weir.gateway.health.HealthCheck;
import dev.weir.gateway.health.HealthRoutes;
import dev.weir.gateway.health.StandardChecks;
import dev.weir.gateway.http.HttpLimits;
import dev.weir.gateway.http.HttpServerVerticle;
import dev.weir.gateway.http.RequestHead;
import dev.weir.gateway.http.RouterFactory;
import dev.weir.gateway.identity.FirstAdministrator;
import dev.weir.gateway.identity.Identity;
import dev.weir.gateway.postgres.DatabaseLogin;
import dev.weir.gateway.postgres.DatabaseUrl;
import dev.weir.gateway.postgres.EmbeddedServer;
import dev.weir.gateway.postgres.Migrations;
import dev.weir.metering.Ids;
import dev.weir.metering.TimeOrderedIds;
import dev.weir.metering.database.Database;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running Weir: the only place that wires the modules together. {@link #start()} and {@link
 * #stop()} block and must not be called on an event loop; the other methods are for a started one.
 */
public final class Weir implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Weir.class);

  private static final Duration STEP_PATIENCE = Duration.ofSeconds(60);

  /** What a stop waits for a part that is being started: starts are cut off at any point by a crash. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(10);

  /** For closing what has nothing left to do. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private static final int JWT_SECRET_BYTES = 48;

  private final WeirConfig config;
  private final PrintStream console;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Ids ids;
  private final Lifecycle lifecycle = new Lifecycle(START_PATIENCE);
  private final AtomicReference<@Nullable Deadline> deadline = new AtomicReference<>();

  private @Nullable Parts parts;

  /** What a started Weir consists of. */
  private record Parts(
      Path directory,
      PrometheusMeterRegistry meters,
      Vertx vertx,
      Optional<EmbeddedServer> server,
      Database database,
      Identity identity,
      Health health,
      String url) {}

  /** Nothing happens yet. The console is told a generated password, once. */
  public Weir(WeirConfig config, PrintStream console, InstantSource clock) {
    this.config = config;
    this.console = console;
    this.clock = clock;
    this.ids = new TimeOrderedIds(clock, random);
  }

  /**
   * Starts everything in order: directory, Vert.x, PostgreSQL, migrations, pools, identity, engines,
   * HTTP. Returns when requests are served.
   *
   * @throws StartFailure with the reason; what had started is stopped again
   */
  public void start() {
    try {
      parts = startParts();
    } catch (RuntimeException | Error e) {
      stop();
      throw e;
    }
  }

  private Parts startParts() {
    Path directory = lifecycle
        .start(
            "data directory",
            () -> DataDirectory.open(config.dataDirectory()),
            DataDirectory::close)
        .path();
    PrometheusMeterRegistry meters =
        lifecycle.start("metrics", Metrics::open, Metrics::close).registry();
    Vertx vertx = lifecycle.start("vert.x", () -> newVertx(meters), part -> close(part.close()));
    Optional<EmbeddedServer> server = startServer(directory);
    DatabaseLogin login = server
        .map(EmbeddedServer::login)
        .or(() -> config.database().url().map(DatabaseUrl::login))
        .orElseThrow();
    Migrations.run(login);
    Database database = lifecycle.start(
        "database pools",
        () -> Database.open(
            vertx,
            login.connectOptions(),
            config.database().appConnectionsMax(),
            config.database().engineConnectionsMax()),
        part -> close(part.close()));
    Identity identity = startIdentity(directory, vertx, database);

    Engines engines = startEngines(directory, vertx, database, meters);
    Answers answers = new Answers(clock);
    List<Consumer<Router>> control = new ArrayList<>();
    control.add(new AuthRoutes(identity, answers)::mount);
    control.addAll(engines.controlRoutes(answers));

    List<HealthCheck> checks =
        new ArrayList<>(StandardChecks.of(database, directory, config.ingest().diskReserveBytes()));
    checks.addAll(engines.checks());
    Health health = new Health(checks, clock);
    HealthRoutes healthRoutes = new HealthRoutes(health, meters, clock, Version.text());
    RouterFactory routers = new RouterFactory(
        vertx,
        new RequestHead(random),
        new Problems(clock),
        identity.authenticator(),
        HttpLimits.STANDARD,
        List.of(healthRoutes::mount),
        engines.streamingRoutes(meters),
        control);
    int port = startHttp(vertx, routers);
    lifecycle.start("live streams", () -> engines, Engines::endStreams);
    lifecycle.start(
        "readiness",
        () -> {
          health.enter(Health.Phase.RUNNING);
          return health;
        },
        part -> part.enter(Health.Phase.STOPPING));
    return new Parts(
        directory,
        meters,
        vertx,
        server,
        database,
        identity,
        health,
        "http://%s:%d".formatted(shownHost(), port));
  }

  private Engines startEngines(
      Path directory, Vertx vertx, Database database, PrometheusMeterRegistry meters) {
    Engines.Surroundings around =
        new Engines.Surroundings(vertx, database, directory, clock, ids, random, meters);
    return lifecycle.startInSteps(
        "engines",
        () -> Engines.start(
            around,
            config.ingest(),
            config.journal(),
            config.events(),
            config.backfill(),
            config.usage()),
        Engines::close);
  }

  private Vertx newVertx(PrometheusMeterRegistry meters) {
    MicrometerMetricsOptions metrics = new MicrometerMetricsOptions()
        .setEnabled(true)
        .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
        .addDisabledMetricsCategory(MetricsDomain.DATAGRAM_SOCKET)
        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT);
    return Vertx.builder()
        .with(new VertxOptions()
            .setEventLoopPoolSize(config.http().eventLoops())
            .setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(meters))
        .build();
  }

  private Optional<EmbeddedServer> startServer(Path directory) {
    if (config.database().url().isPresent()) {
      return Optional.empty();
    }
    // For one whose start takes so long that a stop does not wait for it.
    lifecycle.start("PostgreSQL left over", () -> directory, EmbeddedServer::stopLeftOver);
    return Optional.of(lifecycle.start(
        "PostgreSQL",
        () -> EmbeddedServer.start(
            directory, config.database().programsDirectory().orElseGet(Weir::userCache), random),
        part -> part.stop(stopDeadline().leftBut(CLOSE_PATIENCE))));
  }

  /** Where programs are unpacked, once for all data directories of this user. */
  private static Path userCache() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base = cache == null || cache.isBlank()
        ? Path.of(System.getProperty("user.home", "."), ".cache")
        : Path.of(cache);
    return base.resolve("weir");
  }

  private Identity startIdentity(Path directory, Vertx vertx, Database database) {
    String secret = config
        .identity()
        .jwtSecret()
        .orElseGet(
            () -> PrivateFile.readOrCreate(directory.resolve("jwt-secret"), this::newJwtSecret)
                .strip());
    Identity.Options options = new Identity.Options(
        secret, config.identity().passwordThreads(), config.identity().passwordQueueMax());
    Identity identity = lifecycle.start(
        "identity",
        () -> new Identity(vertx, database, options, clock, ids, random),
        part -> close(part.close()));
    try {
      new FirstAdministrator(identity, directory, console)
          .ensure(config.identity().adminEmail(), config.identity().adminPassword());
    } catch (TimeoutException e) {
      throw StartFailure.surroundings("the database does not answer in time");
    }
    return identity;
  }

  private String newJwtSecret() {
    byte[] secret = new byte[JWT_SECRET_BYTES];
    random.nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  private int startHttp(Vertx vertx, RouterFactory routers) {
    int port = freePort(config.http().port(), "--port");
    if (config.http().http2Port() != 0) {
      freePort(config.http().http2Port(), HttpSettings.HTTP2_PORT.key());
    }
    DeploymentOptions instances =
        new DeploymentOptions().setInstances(config.http().eventLoops());
    lifecycle.start(
        "HTTP",
        () -> {
          try {
            return await(vertx.deployVerticle(
                () -> new HttpServerVerticle(
                    config.http().host(),
                    port,
                    config.http().http2Port(),
                    config.http().drainSeconds(),
                    HttpLimits.STANDARD,
                    routers),
                instances));
          } catch (IllegalStateException e) {
            throw cannotListen(port, "--port", e.getCause());
          }
        },
        deployment -> await(
            vertx.undeploy(deployment),
            Duration.ofSeconds(config.http().drainSeconds()).plus(CLOSE_PATIENCE)));
    return port;
  }

  /** Tries the port before the instances share it; finds a free one for 0. */
  private int freePort(int wanted, String setting) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getAllByName(config.http().host())[0], wanted));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw cannotListen(wanted, setting, e);
    }
  }

  private StartFailure cannotListen(int port, String setting, @Nullable Throwable cause) {
    return StartFailure.surroundings(
        "cannot listen on %s, port %d: %s; stop what uses it, or choose another with %s."
            .formatted(
                config.http().host(),
                port,
                cause == null ? "unknown" : cause.getMessage(),
                setting));
  }

  private String shownHost() {
    String host = config.http().host();
    return host.equals("0.0.0.0") || host.equals("::")
        ? "127.0.0.1"
        : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /**
   * Stops in reverse order: no new requests, finish the running ones, engines, pools, PostgreSQL. Each
   * part bounds its own waits, so that all of it ends in {@link WeirConfig#stopPatience()}.
   *
   * @return whether all parts did as they should; the log says what did not
   */
  public boolean stop() {
    stopDeadline();
    return lifecycle.stop();
  }

  /** By when the stop must have ended that began with the first call. */
  private Deadline stopDeadline() {
    deadline.compareAndSet(null, Deadline.in(config.stopPatience()));
    return Objects.requireNonNull(deadline.get());
  }

  @Override
  public void close() {
    stop();
  }

  /** Where requests go, for example {@code http://127.0.0.1:8080}. */
  public String url() {
    return started().url();
  }

  public WeirConfig config() {
    return config;
  }

  /** The data directory. */
  public Path directory() {
    return started().directory();
  }

  public Vertx vertx() {
    return started().vertx();
  }

  public Database database() {
    return started().database();
  }

  public Identity identity() {
    return started().identity();
  }

  public Health health() {
    return started().health();
  }

  public PrometheusMeterRegistry meters() {
    return started().meters();
  }

  /** The embedded server, unless another is used. */
  public Optional<EmbeddedServer> server() {
    return started().server();
  }

  private Parts started() {
    Parts known = parts;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known;
  }

  private static <T> T await(Future<T> future) {
    return await(future, STEP_PATIENCE);
  }

  private static <T> T await(Future<T> future, Duration patience) {
    try {
      return future.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer in " + patience.toSeconds() + " s", e);
    }
  }

  /** Waits for a while only: connections to a database that does not answer end with the process. */
  private static void close(Future<Void> closed) {
    try {
      closed.await(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "something has not closed in {} s and ends with the process", CLOSE_PATIENCE.toSeconds());
    }
  }
}
