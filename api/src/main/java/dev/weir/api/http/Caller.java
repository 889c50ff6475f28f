package dev.weir.api.http;

import dev.weir.metering.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a call, proven by its credential.
 *
 * @param id the user or API key
 * @param name what the audit trail shows: an email address or a key's name
 */
public record Caller(UUID tenantId, UUID id, String name, Set<Permission> permissions) {

  private static final String KEY = Caller.class.getName();

  public Caller {
    permissions = Set.copyOf(permissions);
  }

  /** Attaches the caller to a request; done once, by the gateway's authentication. */
  public void attach(RoutingContext context) {
    context.put(KEY, this);
  }

  /** The caller of a request behind authentication, if it may do this; else PERMISSION_DENIED. */
  public static Caller of(RoutingContext context, Permission needed) {
    Caller caller = context.get(KEY);
    if (caller == null) {
      throw new IllegalStateException(
          "route is not behind authentication: " + context.normalizedPath());
    }
    if (!caller.permissions.contains(needed)) {
      throw new Refusal(
          ApiError.PERMISSION_DENIED,
          "This credential lacks the permission '%s'; use one that has it."
              .formatted(needed.name().toLowerCase(java.util.Locale.ROOT)));
    }
    return caller;
  }
}
