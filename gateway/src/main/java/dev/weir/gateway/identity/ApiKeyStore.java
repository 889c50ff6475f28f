package dev.weir.gateway.identity;

import dev.weir.api.auth.ApiKey;
import dev.weir.api.auth.KeyScope;
import dev.weir.api.http.Answers.PageOf;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import dev.weir.api.http.Permission;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** API keys, inside the caller's transaction. */
final class ApiKeyStore {

  Future<Void> add(SqlConnection connection, Caller creator, ApiKey key, byte[] digest) {
    return connection
        .preparedQuery("""
            INSERT INTO api_keys
              (key_id, tenant_id, name, scopes, secret_hash, created_by, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """)
        .execute(Tuple.from(new Object[] {
          key.id(),
          creator.tenantId(),
          key.name(),
          key.scopes().stream().map(KeyScope::wireName).toArray(String[]::new),
          Buffer.buffer(digest),
          creator.id(),
          key.createdAt().atOffset(ZoneOffset.UTC)
        }))
        .mapEmpty();
  }

  /** How many keys of the tenant still work. */
  Future<Long> count(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery(
            "SELECT count(*) AS n FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL")
        .execute(Tuple.of(tenantId))
        .map(rows -> rows.iterator().next().getLong("n"));
  }

  /** One page of the keys that still work, newest first. */
  Future<PageOf<ApiKey>> list(SqlConnection connection, UUID tenantId, Page page) {
    return connection
        .preparedQuery("""
            SELECT key_id, name, scopes, created_at FROM api_keys
            WHERE tenant_id = $1 AND revoked_at IS NULL
            ORDER BY created_at DESC, key_id DESC LIMIT $2 OFFSET $3
            """)
        .execute(Tuple.of(tenantId, (long) page.limit(), (long) page.offset()))
        .compose(rows -> count(connection, tenantId).map(total -> new PageOf<>(keys(rows), total)));
  }

  private static List<ApiKey> keys(RowSet<Row> rows) {
    List<ApiKey> keys = new ArrayList<>();
    for (Row row : rows) {
      keys.add(new ApiKey(
          row.getUUID("key_id"),
          row.getString("name"),
          scopes(row),
          row.getOffsetDateTime("created_at").toInstant()));
    }
    return keys;
  }

  /** Ends a key; false if the tenant has no such key that still works. */
  Future<Boolean> revoke(SqlConnection connection, UUID tenantId, UUID keyId, Instant now) {
    return connection
        .preparedQuery("""
            UPDATE api_keys SET revoked_at = $3
            WHERE tenant_id = $1 AND key_id = $2 AND revoked_at IS NULL
            """)
        .execute(Tuple.of(tenantId, keyId, now.atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** What a key may do, unless it was ended. */
  Future<Optional<Credential>> credential(SqlConnection connection, UUID keyId) {
    return connection
        .preparedQuery("""
            SELECT k.tenant_id, t.status AS tenant_status, k.name, k.scopes, k.secret_hash
            FROM api_keys k JOIN tenants t USING (tenant_id)
            WHERE k.key_id = $1 AND k.revoked_at IS NULL
            """)
        .execute(Tuple.of(keyId))
        .map(rows -> rows.size() == 0
            ? Optional.empty()
            : Optional.of(credential(keyId, rows.iterator().next())));
  }

  private static Credential credential(UUID keyId, Row row) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    scopes(row).forEach(scope -> permissions.addAll(scope.permissions()));
    return new Credential(
        row.getUUID("tenant_id"),
        TenantStatus.valueOf(row.getString("tenant_status")),
        keyId,
        row.getString("name"),
        permissions,
        HexFormat.of().formatHex(row.getBuffer("secret_hash").getBytes()));
  }

  private static Set<KeyScope> scopes(Row row) {
    Set<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
    for (String name : row.getArrayOfStrings("scopes")) {
      scopes.add(KeyScope.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return scopes;
  }
}
