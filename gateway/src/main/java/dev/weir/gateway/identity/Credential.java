package dev.weir.gateway.identity;

import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import java.util.Set;
import java.util.UUID;

/**
 * What the database says about a session or API key.
 *
 * @param holderId the user or key
 * @param secretDigest lower-case hexadecimal SHA-256 of a key's secret; empty for a session
 */
record Credential(
    UUID tenantId,
    TenantStatus tenantStatus,
    UUID holderId,
    String holderName,
    Set<Permission> permissions,
    String secretDigest) {

  Credential {
    permissions = Set.copyOf(permissions);
  }

  Caller caller() {
    return new Caller(tenantId, holderId, holderName, permissions);
  }

  @Override
  public String toString() {
    return "Credential[holderId=" + holderId + "]";
  }
}
