package dev.weir.gateway.identity;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Tenants and users, inside the caller's transaction. */
final class UserStore {

  private static final String COLUMNS = """
      SELECT u.user_id, u.tenant_id, u.email, u.first_name, u.last_name, u.role,
             u.status = 'ACTIVE' AS active, t.status AS tenant_status, u.password_hash
      FROM users u JOIN tenants t USING (tenant_id)
      """;

  Future<Optional<User>> byEmail(SqlConnection connection, String email) {
    return connection
        .preparedQuery(COLUMNS + "WHERE u.email = $1")
        .execute(Tuple.of(email))
        .map(UserStore::first);
  }

  Future<Optional<User>> byId(SqlConnection connection, UUID userId) {
    return connection
        .preparedQuery(COLUMNS + "WHERE u.user_id = $1")
        .execute(Tuple.of(userId))
        .map(UserStore::first);
  }

  /** Whether there is anybody at all; waits for a transaction that is adding the first one. */
  Future<Boolean> isEmpty(SqlConnection connection) {
    return connection
        .query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
        .execute()
        .compose(locked -> connection.query("SELECT 1 FROM users LIMIT 1").execute())
        .map(rows -> rows.size() == 0);
  }

  /** Adds the tenant unless it is there. */
  Future<Void> ensureTenant(SqlConnection connection, UUID tenantId, String name, Instant now) {
    return connection
        .preparedQuery("""
            INSERT INTO tenants (tenant_id, name, created_at) VALUES ($1, $2, $3)
            ON CONFLICT (tenant_id) DO NOTHING
            """)
        .execute(Tuple.of(tenantId, name, now.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  /** Adds the user unless somebody has the address. */
  Future<Void> ensure(SqlConnection connection, User user, Instant now) {
    return connection
        .preparedQuery("""
            INSERT INTO users (user_id, tenant_id, email, first_name, last_name, role,
                               password_hash, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING
            """)
        .execute(Tuple.from(new Object[] {
          user.id(),
          user.tenantId(),
          user.email(),
          user.firstName(),
          user.lastName(),
          user.role().name(),
          user.passwordHash(),
          now.atOffset(ZoneOffset.UTC)
        }))
        .mapEmpty();
  }

  private static Optional<User> first(RowSet<Row> rows) {
    return rows.size() == 0
        ? Optional.empty()
        : Optional.of(user(rows.iterator().next()));
  }

  private static User user(Row row) {
    return new User(
        row.getUUID("user_id"),
        row.getUUID("tenant_id"),
        row.getString("email"),
        row.getString("first_name"),
        row.getString("last_name"),
        Role.valueOf(row.getString("role")),
        row.getBoolean("active"),
        TenantStatus.valueOf(row.getString("tenant_status")),
        row.getString("password_hash"));
  }
}
