package dev.weir.invoicing.run;

import dev.weir.invoicing.InvoicingError;
import dev.weir.metering.Refusal;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes runs inside the caller's transaction. Thread-safe. */
final class RunStore {

  private static final String COLUMNS = """
      run_id, tenant_id, until, dry_run, finalize, state, error_code, error_message, due_count,
      invoiced_count, empty_count, parked_count, failed_count, created_at, started_at, finished_at
      """;

  /** Writes a queued run; refuses with RUN_IN_PROGRESS while the tenant has another. */
  Future<BillingRun> insert(SqlConnection connection, BillingRun run) {
    return connection
        .preparedQuery("""
            INSERT INTO billing_runs
              (tenant_id, run_id, until, dry_run, finalize, state, created_at)
            VALUES ($1, $2, $3, $4, $5, 'queued', $6)
            """)
        .execute(Tuple.of(
            run.tenantId(),
            run.id(),
            timestamp(run.request().until()),
            run.request().dryRun(),
            run.request().finalizes(),
            timestamp(run.createdAt())))
        .map(run)
        .recover(failure -> Future.failedFuture(anotherRuns(failure) ? inProgress() : failure));
  }

  private static boolean anotherRuns(Throwable failure) {
    return failure instanceof PgException refused
        && "23505".equals(refused.getSqlState())
        && "billing_runs_one_at_a_time".equals(refused.getConstraint());
  }

  private static Refusal inProgress() {
    return new Refusal(
        InvoicingError.RUN_IN_PROGRESS,
        "A billing run of this tenant is still working; wait until it has finished.");
  }

  Future<BillingRun> find(SqlConnection connection, UUID tenantId, UUID id) {
    return connection
        .preparedQuery(
            "SELECT " + COLUMNS + " FROM billing_runs WHERE tenant_id = $1 AND run_id = $2")
        .execute(Tuple.of(tenantId, id))
        .map(rows -> {
          if (!rows.iterator().hasNext()) {
            throw notFound(id.toString());
          }
          return run(rows.iterator().next());
        });
  }

  static Refusal notFound(String id) {
    return new Refusal(InvoicingError.RUN_NOT_FOUND, "There is no billing run '%s'.".formatted(id));
  }

  /** A slice of the tenant's runs, newest first. */
  Future<Slice<BillingRun>> list(SqlConnection connection, UUID tenantId, int limit, int offset) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + """
             FROM billing_runs WHERE tenant_id = $1
            ORDER BY created_at DESC, run_id DESC LIMIT $2 OFFSET $3
            """)
        .execute(Tuple.of(tenantId, limit, offset))
        .map(RunStore::runs)
        .compose(runs -> connection
            .preparedQuery("SELECT count(*) AS total FROM billing_runs WHERE tenant_id = $1")
            .execute(Tuple.of(tenantId))
            .map(rows -> new Slice<>(runs, rows.iterator().next().getLong("total"))));
  }

  /** Runs that have not ended; as the engine, everyone's. At most one per tenant. */
  Future<List<BillingRun>> unfinished(SqlConnection connection) {
    return connection.preparedQuery("SELECT " + COLUMNS + """
             FROM billing_runs WHERE state IN ('queued', 'running') ORDER BY created_at, run_id
            """).execute().map(RunStore::runs);
  }

  /** Marks that work has begun; beginning again keeps the first time. */
  Future<Void> begin(SqlConnection connection, BillingRun run, Instant now) {
    return connection
        .preparedQuery("""
            UPDATE billing_runs
            SET state = 'running', started_at = coalesce(started_at, $3)
            WHERE tenant_id = $1 AND run_id = $2 AND state IN ('queued', 'running')
            """)
        .execute(Tuple.of(run.tenantId(), run.id(), timestamp(now)))
        .mapEmpty();
  }

  /** Notes how many subscriptions are due, once. */
  Future<Void> noteDue(SqlConnection connection, BillingRun run, long due) {
    return connection
        .preparedQuery("""
            UPDATE billing_runs SET due_count = $3
            WHERE tenant_id = $1 AND run_id = $2 AND due_count IS NULL
            """)
        .execute(Tuple.of(run.tenantId(), run.id(), due))
        .mapEmpty();
  }

  /** Ends a run and freezes its counts. */
  Future<Void> finish(
      SqlConnection connection,
      BillingRun run,
      RunState state,
      BillingRun.@Nullable RunFailure error,
      RunCounts counts,
      Instant now) {
    return connection
        .preparedQuery("""
            UPDATE billing_runs SET state = $3, error_code = $4, error_message = $5,
              finished_at = $6, invoiced_count = $7, empty_count = $8, parked_count = $9,
              failed_count = $10
            WHERE tenant_id = $1 AND run_id = $2 AND state IN ('queued', 'running')
            """)
        .execute(Tuple.of(
            run.tenantId(),
            run.id(),
            state.word(),
            error == null ? null : error.code(),
            error == null ? null : error.message(),
            timestamp(now),
            counts.invoiced(),
            counts.empty(),
            counts.parked(),
            counts.failed()))
        .mapEmpty();
  }

  private static List<BillingRun> runs(RowSet<Row> rows) {
    List<BillingRun> runs = new ArrayList<>();
    for (Row row : rows) {
      runs.add(run(row));
    }
    return runs;
  }

  private static BillingRun run(Row row) {
    String code = row.getString("error_code");
    Long invoiced = row.getLong("invoiced_count");
    return new BillingRun(
        row.getUUID("run_id"),
        row.getUUID("tenant_id"),
        new RunRequest(
            row.getOffsetDateTime("until").toInstant(),
            row.getBoolean("dry_run"),
            row.getBoolean("finalize")),
        RunState.of(row.getString("state")),
        code == null ? null : new BillingRun.RunFailure(code, row.getString("error_message")),
        invoiced == null
            ? null
            : new RunCounts(
                row.getLong("due_count"),
                invoiced,
                row.getLong("empty_count"),
                row.getLong("parked_count"),
                row.getLong("failed_count")),
        row.getOffsetDateTime("created_at").toInstant(),
        instantOrNull(row, "started_at"),
        instantOrNull(row, "finished_at"));
  }

  private static @Nullable Instant instantOrNull(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
