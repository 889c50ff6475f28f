package dev.weir.gateway.identity;

import dev.weir.api.http.Permission;
import java.util.Set;

/** What a user of a tenant may do. */
public enum Role {
  SUPER_ADMIN,
  ADMIN,
  BILLING_ADMIN,
  USER,
  VIEWER;

  public Set<Permission> permissions() {
    return switch (this) {
      case SUPER_ADMIN, ADMIN -> Set.of(Permission.values());
      case BILLING_ADMIN -> Set.of(Permission.READ, Permission.WRITE, Permission.BILL);
      case USER, VIEWER -> Set.of(Permission.READ);
    };
  }
}
