package dev.weir.api.auth;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** An API key without its secret. */
public record ApiKey(UUID id, String name, Set<KeyScope> scopes, Instant createdAt) {

  public ApiKey {
    scopes = Collections.unmodifiableSet(
        scopes.isEmpty() ? EnumSet.noneOf(KeyScope.class) : EnumSet.copyOf(scopes));
  }
}
