package dev.weir.api.auth;

import dev.weir.metering.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The session behind a call made with an access token; API keys have none. */
public record CallerSession(UUID id) {

  private static final String KEY = CallerSession.class.getName();

  /** Attaches the session to a request; done once, by the gateway's authentication. */
  public void attach(RoutingContext context) {
    context.put(KEY, this);
  }

  /** The session of a request; refuses with SESSION_REQUIRED for an API key. */
  public static CallerSession of(RoutingContext context) {
    CallerSession session = context.get(KEY);
    if (session == null) {
      throw new Refusal(
          AuthError.SESSION_REQUIRED,
          "An API key has no session; sign in with POST /api/auth/login and use its accessToken.");
    }
    return session;
  }
}
