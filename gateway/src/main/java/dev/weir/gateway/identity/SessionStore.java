package dev.weir.gateway.identity;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Sessions and their refresh tokens, inside the caller's transaction. */
final class SessionStore {

  /** Older ones of the same user are dropped when a new one starts. */
  static final int SESSIONS_PER_USER_MAX = 100;

  /** A refresh token as found, with the state that decides what its use means. */
  record Found(UUID sessionId, UUID userId, boolean used, boolean over) {}

  /** Starts a session and clears away what the user no longer needs. */
  Future<Void> start(
      SqlConnection connection, UUID sessionId, User user, Instant now, Instant expiresAt) {
    return connection
        .preparedQuery("""
            DELETE FROM sessions WHERE user_id = $1 AND (expires_at < $2 OR session_id IN (
              SELECT session_id FROM sessions WHERE user_id = $1
              ORDER BY created_at DESC OFFSET $3))
            """)
        .execute(Tuple.of(user.id(), time(now), (long) SESSIONS_PER_USER_MAX - 1))
        .compose(cleared -> connection
            .preparedQuery("""
                INSERT INTO sessions (session_id, tenant_id, user_id, created_at, expires_at)
                VALUES ($1, $2, $3, $4, $5)
                """)
            .execute(Tuple.of(sessionId, user.tenantId(), user.id(), time(now), time(expiresAt))))
        .mapEmpty();
  }

  Future<Void> addToken(
      SqlConnection connection,
      UUID sessionId,
      UUID tenantId,
      byte[] hash,
      Instant now,
      Instant expiresAt) {
    return connection
        .preparedQuery("""
            INSERT INTO refresh_tokens (token_hash, tenant_id, session_id, issued_at, expires_at)
            VALUES ($1, $2, $3, $4, $5)
            """)
        .execute(Tuple.of(Buffer.buffer(hash), tenantId, sessionId, time(now), time(expiresAt)))
        .mapEmpty();
  }

  /** Finds a token and holds its session, so that two uses of one token come after each other. */
  Future<Optional<Found>> findToken(SqlConnection connection, byte[] hash, Instant now) {
    return connection
        .preparedQuery("""
            SELECT s.session_id, s.user_id, r.used_at IS NOT NULL AS used,
                   (s.revoked_at IS NOT NULL OR r.expires_at <= $2) AS over
            FROM refresh_tokens r JOIN sessions s USING (session_id)
            WHERE r.token_hash = $1
            FOR UPDATE
            """)
        .execute(Tuple.of(Buffer.buffer(hash), time(now)))
        .map(SessionStore::found);
  }

  private static Optional<Found> found(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    Row row = rows.iterator().next();
    return Optional.of(new Found(
        row.getUUID("session_id"),
        row.getUUID("user_id"),
        row.getBoolean("used"),
        row.getBoolean("over")));
  }

  /** Marks a token as exchanged, drops tokens that ended, and lets the session live on. */
  Future<Void> exchange(
      SqlConnection connection, UUID sessionId, byte[] hash, Instant now, Instant expiresAt) {
    return connection
        .preparedQuery("UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1")
        .execute(Tuple.of(Buffer.buffer(hash), time(now)))
        .compose(marked -> connection
            .preparedQuery("DELETE FROM refresh_tokens WHERE session_id = $1 AND expires_at < $2")
            .execute(Tuple.of(sessionId, time(now))))
        .compose(dropped -> connection
            .preparedQuery("UPDATE sessions SET expires_at = $2 WHERE session_id = $1")
            .execute(Tuple.of(sessionId, time(expiresAt))))
        .mapEmpty();
  }

  Future<Void> revoke(SqlConnection connection, UUID sessionId, Instant now) {
    return connection
        .preparedQuery(
            "UPDATE sessions SET revoked_at = $2 WHERE session_id = $1 AND revoked_at IS NULL")
        .execute(Tuple.of(sessionId, time(now)))
        .mapEmpty();
  }

  /** Whose session it is, unless it is over or its user is disabled. */
  Future<Optional<Credential>> credential(SqlConnection connection, UUID sessionId, Instant now) {
    return connection
        .preparedQuery("""
            SELECT s.tenant_id, t.status AS tenant_status, u.user_id, u.email, u.role
            FROM sessions s JOIN users u USING (user_id) JOIN tenants t ON t.tenant_id = s.tenant_id
            WHERE s.session_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2
              AND u.status = 'ACTIVE'
            """)
        .execute(Tuple.of(sessionId, time(now)))
        .map(SessionStore::credential);
  }

  private static Optional<Credential> credential(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    Row row = rows.iterator().next();
    return Optional.of(new Credential(
        row.getUUID("tenant_id"),
        TenantStatus.valueOf(row.getString("tenant_status")),
        row.getUUID("user_id"),
        row.getString("email"),
        Role.valueOf(row.getString("role")).permissions(),
        ""));
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
