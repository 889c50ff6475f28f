package dev.weir.gateway.identity;

import dev.weir.api.auth.UserProfile;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person of a tenant. */
record User(
    UUID id,
    UUID tenantId,
    String email,
    @Nullable String firstName,
    @Nullable String lastName,
    Role role,
    boolean active,
    TenantStatus tenantStatus,
    String passwordHash) {

  UserProfile profile() {
    return new UserProfile(id, email, tenantId, role.name(), firstName, lastName);
  }

  @Override
  public String toString() {
    return "User[" + id + "]";
  }
}
