package dev.weir.api.auth;

import dev.weir.api.http.Permission;
import java.util.Locale;
import java.util.Set;

/** What an API key may be used for. No scope lets a key manage users or other keys. */
public enum KeyScope {
  INGEST,
  READ,
  WRITE;

  public Set<Permission> permissions() {
    return switch (this) {
      case INGEST -> Set.of(Permission.INGEST);
      case READ -> Set.of(Permission.READ);
      case WRITE -> Set.of(Permission.READ, Permission.WRITE, Permission.BILL);
    };
  }

  /** The scope as the wire and the database spell it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
