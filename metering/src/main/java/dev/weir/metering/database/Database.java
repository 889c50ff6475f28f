package dev.weir.metering.database;

import dev.weir.metering.UnderWay;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Transactions as a tenant or as the engine. Thread-safe; futures complete on the caller's context
 * when there is one.
 */
public final class Database {

  public static final String APP_ROLE = "weir_app";
  public static final String ENGINE_ROLE = "weir_engine";

  private static final String STATEMENT_TIMEOUT = "30s";

  private final Vertx vertx;
  private final Pool app;
  private final Pool engine;
  private final UnderWay transactions = new UnderWay();
  private final Map<Long, Promise<?>> pending = new ConcurrentHashMap<>();
  private volatile boolean abandoned;

  private Database(Vertx vertx, Pool app, Pool engine) {
    this.vertx = vertx;
    this.app = app;
    this.engine = engine;
  }

  /**
   * Opens two bounded pools with the same login, each taking its own role at connection start. The
   * login must be a member of both roles.
   */
  public static Database open(
      Vertx vertx, PgConnectOptions login, int appConnectionsMax, int engineConnectionsMax) {
    return new Database(
        vertx,
        pool(vertx, boundedInTime(login), APP_ROLE, appConnectionsMax),
        pool(vertx, login, ENGINE_ROLE, engineConnectionsMax));
  }

  /** Nobody waits longer for an answer, so no statement of a tenant may hold a connection longer. */
  private static PgConnectOptions boundedInTime(PgConnectOptions login) {
    return new PgConnectOptions(login).addProperty("statement_timeout", STATEMENT_TIMEOUT);
  }

  private static Pool pool(Vertx vertx, PgConnectOptions login, String role, int connectionsMax) {
    PgConnectOptions options = new PgConnectOptions(login);
    options.addProperty("role", role);
    options.addProperty("application_name", role.replace('_', '-'));
    options.setCachePreparedStatements(true);
    return PgBuilder.pool()
        .with(new PoolOptions()
            .setShared(false)
            .setName(role)
            .setMaxSize(connectionsMax)
            .setMaxWaitQueueSize(4_096)
            .setConnectionTimeout(10)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .connectingTo(options)
        .using(vertx)
        .build();
  }

  /**
   * Runs the work in one transaction that sees and writes only this tenant's rows. Commits when the
   * future succeeds, rolls back when it fails.
   */
  public <T> Future<T> inTenant(UUID tenantId, Function<SqlConnection, Future<T>> work) {
    return transaction(app, connection -> asTenant(connection, tenantId, work));
  }

  /**
   * The same in a transaction whose statements all see the database as it was at one moment, and that
   * only reads.
   *
   * @param held a table whose partitions nobody may drop meanwhile, as a snapshot does not keep them
   */
  public <T> Future<T> inSnapshot(
      UUID tenantId, String held, Function<SqlConnection, Future<T>> work) {
    return transaction(
        app,
        // The lock comes before the first statement that looks at anything: only then is the
        // snapshot
        // taken.
        connection -> connection
            .query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            .execute()
            .compose(set -> connection
                .query("LOCK TABLE ONLY " + held + " IN ACCESS SHARE MODE")
                .execute())
            .compose(locked -> asTenant(connection, tenantId, work)));
  }

  private static <T> Future<T> asTenant(
      SqlConnection connection, UUID tenantId, Function<SqlConnection, Future<T>> work) {
    return connection
        .preparedQuery("SELECT set_config('app.tenant_id', $1, true)")
        .execute(Tuple.of(tenantId.toString()))
        .compose(set -> work.apply(connection));
  }

  private <T> Future<T> transaction(Pool pool, Function<SqlConnection, Future<T>> work) {
    ContextInternal context = ContextInternal.current();
    Promise<T> promise = context == null ? Promise.promise() : context.promise();
    long ticket = transactions.begin();
    pending.put(ticket, promise);
    promise.future().onComplete(ended -> {
      pending.remove(ticket);
      transactions.end(ticket);
    });
    // The look after the entry: who gives up either sees the entry or is seen here.
    if (abandoned) {
      promise.tryFail(new Abandoned());
    } else {
      pool.withTransaction(work).onComplete(ended -> {
        if (ended.succeeded()) {
          promise.tryComplete(ended.result());
        } else {
          promise.tryFail(ended.cause());
        }
      });
    }
    return promise.future();
  }

  /** Nobody waits for the database any longer; what became of the transaction is not known. */
  static final class Abandoned extends RuntimeException {
    Abandoned() {
      super("the process is about to end and no longer waits for the database", null, false, false);
    }
  }

  /**
   * Fails every transaction that is under way and all that are asked for from now on, for a process that
   * must end although the database does not answer. What is under way may still be committed, as when an
   * answer is lost. Any thread.
   */
  public void abandon() {
    abandoned = true;
    pending.values().forEach(promise -> promise.tryFail(new Abandoned()));
  }

  /** Runs the work in one transaction that sees every tenant. For the engine's own work only. */
  public <T> Future<T> asEngine(Function<SqlConnection, Future<T>> work) {
    return transaction(engine, work);
  }

  /**
   * Completes when every transaction of this process that had begun at the call has ended: what they
   * were led to by rows that have changed since, nobody reads any more.
   */
  public Future<Void> earlierTransactionsEnded() {
    return transactions.settled(vertx);
  }

  /** Completes when a trivial query has been answered; fails when the database is away. */
  public Future<Void> ping() {
    return engine.query("SELECT 1").execute().mapEmpty();
  }

  /** Closes the connections, each when its last answer has come; once abandoned, waits for none. */
  public Future<Void> close() {
    Future<Void> closed = Future.join(app.close(), engine.close()).mapEmpty();
    return abandoned ? Future.succeededFuture() : closed;
  }
}
