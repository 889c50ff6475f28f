package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.metering.Refusal;

/** Whether a tenant may use Weir. */
public enum TenantStatus {
  ACTIVE,
  INACTIVE,
  SUSPENDED;

  /** Refuses unless the tenant is active. */
  void requireActive() {
    switch (this) {
      case ACTIVE -> {}
      case INACTIVE ->
        throw new Refusal(
            AuthError.TENANT_INACTIVE,
            "This tenant is inactive; ask an administrator to activate it.");
      case SUSPENDED ->
        throw new Refusal(
            AuthError.TENANT_SUSPENDED,
            "This tenant is suspended; ask an administrator to lift that.");
    }
  }
}
