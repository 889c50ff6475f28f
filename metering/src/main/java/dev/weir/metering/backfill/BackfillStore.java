package dev.weir.metering.backfill;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Meter;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes backfills inside the caller's transaction. */
public final class BackfillStore {

  private static final String COLUMNS =
      "backfill_id, tenant_id, meter_id, wanted::text, state, reason_code, reason, asked_from, complete_from, start_position, until_position,"
          + " done_position, frame_locations::text, chunks, events_scanned, events_counted,"
          + " values_skipped, working_nanos, created_at, started_at, updated_at, ended_at";

  private static final String UNFINISHED = "state IN ('queued', 'running', 'paused')";

  /** Backfills that are shown of a meter; older ones that have ended are forgotten. */
  static final int KEPT_MAX = 100;

  BackfillStore() {}

  /**
   * Adds a backfill; refuses with METER_BACKFILL_UNDER_WAY when the meter has one, and with
   * METER_BACKFILL_TOO_MANY.
   */
  Future<Backfill> add(SqlConnection connection, Backfill backfill, int perTenantMax) {
    return connection
        .preparedQuery(
            "SELECT count(*) FROM meter_backfills WHERE tenant_id = $1 AND " + UNFINISHED)
        .execute(Tuple.of(backfill.tenantId()))
        .compose(rows -> rows.iterator().next().getLong(0) >= perTenantMax
            ? Future.failedFuture(tooMany(perTenantMax))
            : insert(connection, backfill))
        .compose(added -> forgetOld(connection, backfill))
        .map(backfill);
  }

  private static Refusal tooMany(int perTenantMax) {
    return new Refusal(
        MeteringError.METER_BACKFILL_TOO_MANY,
        "%d backfills are under way or waiting, the most that a tenant may have; wait for one to end, or cancel one."
            .formatted(perTenantMax));
  }

  private static Future<Void> insert(SqlConnection connection, Backfill backfill) {
    BackfillProgress progress = backfill.progress();
    return connection
        .preparedQuery("""
            INSERT INTO meter_backfills
                   (backfill_id, tenant_id, meter_id, wanted, state, asked_from, until_position, done_position, frame_locations, chunks,
                    events_scanned, events_counted, values_skipped, working_nanos, created_at,
                    updated_at)
            VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7, $8, '{}', 0, 0, 0, 0, 0, $9, $9)
            """)
        .execute(Tuple.of(
            backfill.id(),
            backfill.tenantId(),
            backfill.meterId(),
            backfill.wanted().text(),
            backfill.state().text(),
            time(backfill.from()),
            progress.until().toString(),
            progress.done().toString(),
            time(backfill.times().createdAt())))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(isUnderWay(failure) ? underWay() : failure));
  }

  private static boolean isUnderWay(Throwable failure) {
    return failure instanceof PgException pg
        && "23505".equals(pg.getSqlState())
        && "meter_backfills_unfinished".equals(pg.getConstraint());
  }

  private static Refusal underWay() {
    return new Refusal(
        MeteringError.METER_BACKFILL_UNDER_WAY,
        "A backfill of this meter is under way; wait for its end, or cancel it first.");
  }

  private static Future<Void> forgetOld(SqlConnection connection, Backfill backfill) {
    return connection
        .preparedQuery("""
            DELETE FROM meter_backfills WHERE tenant_id = $1 AND backfill_id IN
              (SELECT backfill_id FROM meter_backfills
                WHERE tenant_id = $1 AND meter_id = $2
                  AND state IN ('completed', 'cancelled', 'failed')
                ORDER BY created_at DESC, backfill_id OFFSET $3)
            """)
        .execute(Tuple.of(backfill.tenantId(), backfill.meterId(), KEPT_MAX - 1))
        .mapEmpty();
  }

  /** The meter's backfills, the newest first; at most {@value #KEPT_MAX}. */
  public Future<List<Backfill>> list(SqlConnection connection, Meter meter) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM meter_backfills"
            + " WHERE tenant_id = $1 AND meter_id = $2"
            + " ORDER BY created_at DESC, backfill_id LIMIT " + KEPT_MAX)
        .execute(Tuple.of(meter.tenantId(), meter.id()))
        .map(BackfillStore::backfills);
  }

  /** The tenant's backfills that have not ended. */
  public Future<List<Backfill>> unfinished(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM meter_backfills WHERE tenant_id = $1 AND "
            + UNFINISHED + " ORDER BY created_at, backfill_id")
        .execute(Tuple.of(tenantId))
        .map(BackfillStore::backfills);
  }

  /** A backfill of the meter; refuses with METER_BACKFILL_NOT_FOUND. */
  public Future<Backfill> find(SqlConnection connection, Meter meter, String id) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM meter_backfills"
            + " WHERE tenant_id = $1 AND meter_id = $2 AND backfill_id::text = lower($3)")
        .execute(Tuple.of(meter.tenantId(), meter.id(), id))
        .compose(rows -> rows.size() == 0
            ? Future.failedFuture(new Refusal(
                MeteringError.METER_BACKFILL_NOT_FOUND,
                "The meter '%s' has no backfill '%s'.".formatted(meter.key(), id)))
            : Future.succeededFuture(BackfillRow.read(rows.iterator().next())));
  }

  /** Whether any tenant has a backfill that a worker should take up, as the engine. */
  Future<Boolean> anyToDo(SqlConnection connection) {
    return connection
        .query("SELECT EXISTS (SELECT FROM meter_backfills WHERE state IN ('queued', 'running'))")
        .execute()
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** A backfill as the engine sees it. */
  Future<Optional<Backfill>> read(SqlConnection connection, UUID id) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM meter_backfills WHERE backfill_id = $1")
        .execute(Tuple.of(id))
        .map(BackfillStore::first);
  }

  /**
   * Takes up the backfill that waits longest, as the engine.
   *
   * @param held those that a worker of this process has in hand
   */
  Future<Optional<Backfill>> take(SqlConnection connection, Collection<UUID> held, Instant now) {
    return connection
        .preparedQuery("""
            UPDATE meter_backfills
               SET state = 'running', started_at = coalesce(started_at, $2)
             WHERE backfill_id =
                   (SELECT backfill_id FROM meter_backfills
                     WHERE state IN ('queued', 'running') AND NOT backfill_id = ANY($1)
                     ORDER BY created_at, backfill_id LIMIT 1 FOR UPDATE)
            RETURNING\s""" + COLUMNS)
        .execute(Tuple.of(held.toArray(UUID[]::new), time(now)))
        .map(BackfillStore::first);
  }

  /** Moves progress, if the backfill runs and stands where it was read. */
  Future<Boolean> move(
      SqlConnection connection, Backfill backfill, BackfillProgress to, Instant now) {
    return connection
        .preparedQuery("""
            UPDATE meter_backfills
               SET start_position = $3, done_position = $4, frame_locations = $5::text::jsonb,
                   complete_from = $6, chunks = $7, events_scanned = $8, events_counted = $9,
                   values_skipped = $10, working_nanos = $11, updated_at = $12,
                   until_position = $13,
                   reason_code = NULL, reason = NULL
             WHERE backfill_id = $1 AND chunks = $2 AND state = 'running'
            """)
        .execute(Tuple.of(
            backfill.id(),
            backfill.progress().chunks(),
            to.start() == null ? null : to.start().toString(),
            to.done().toString(),
            Json.text(to.locations()),
            time(to.completeFrom()),
            to.chunks(),
            to.scanned(),
            to.counted(),
            to.skipped(),
            to.workingNanos(),
            time(now),
            to.until().toString()))
        .map(result -> result.rowCount() == 1);
  }

  /** Notes what a running backfill waits for. */
  Future<Void> note(SqlConnection connection, Backfill backfill, Backfill.Reason reason) {
    return connection
        .preparedQuery("UPDATE meter_backfills SET reason_code = $2, reason = $3"
            + " WHERE backfill_id = $1 AND state = 'running'")
        .execute(Tuple.of(backfill.id(), reason.code(), reason.text()))
        .mapEmpty();
  }

  /** Ends a running backfill that stands where it was read. */
  Future<Boolean> end(
      SqlConnection connection,
      Backfill backfill,
      BackfillState state,
      Backfill.@Nullable Reason reason,
      Instant now) {
    return connection
        .preparedQuery("""
            UPDATE meter_backfills
               SET state = $3, reason_code = $4, reason = $5, updated_at = $6, ended_at = $6
             WHERE backfill_id = $1 AND chunks = $2 AND state = 'running'
            """)
        .execute(Tuple.of(
            backfill.id(),
            backfill.progress().chunks(),
            state.text(),
            reason == null ? null : reason.code(),
            reason == null ? null : reason.text(),
            time(now)))
        .map(result -> result.rowCount() == 1);
  }

  /** Changes the state of an unfinished backfill; gives whether it was one. */
  Future<Boolean> change(
      SqlConnection connection, Backfill backfill, BackfillState state, Instant now) {
    return connection
        .preparedQuery("""
            UPDATE meter_backfills
               SET state = $3::text, updated_at = $4::timestamptz,
                   ended_at = CASE WHEN $3::text = 'cancelled' THEN $4::timestamptz END
             WHERE tenant_id = $1 AND backfill_id = $2 AND\s""" + UNFINISHED)
        .execute(Tuple.of(backfill.tenantId(), backfill.id(), state.text(), time(now)))
        .map(result -> result.rowCount() == 1);
  }

  private static List<Backfill> backfills(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(BackfillRow::read)
        .toList();
  }

  private static Optional<Backfill> first(RowSet<Row> rows) {
    return backfills(rows).stream().findFirst();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
