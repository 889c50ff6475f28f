package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.api.auth.AuthRoutes;
import dev.weir.api.auth.CallerSession;
import dev.weir.metering.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through only with a good credential, and attaches the caller it proves. For a
 * credential seen lately everything happens at once; otherwise the request is paused, so that no part
 * of its body is lost, and resumed after the next handler has run.
 */
public final class Authenticator implements Handler<RoutingContext> {

  private static final String BEARER = "Bearer ";

  private record Proven(Credential credential, @Nullable CallerSession session) {}

  private final AccessTokens tokens;
  private final CredentialCache sessions;
  private final CredentialCache keys;

  Authenticator(AccessTokens tokens, CredentialCache sessions, CredentialCache keys) {
    this.tokens = tokens;
    this.sessions = sessions;
    this.keys = keys;
  }

  @Override
  public void handle(RoutingContext context) {
    if (AuthRoutes.isOpen(context)) {
      context.next();
      return;
    }
    Future<Proven> proof = prove(context.request().getHeader("Authorization"));
    if (proof.isComplete()) {
      proceed(context, proof);
      return;
    }
    Context loop = Vertx.currentContext();
    context.request().pause();
    // The lookup may have been started, and so complete, on another event loop.
    proof.onComplete(done -> loop.runOnContext(back -> {
      proceed(context, done);
      context.request().resume();
    }));
  }

  private static void proceed(RoutingContext context, AsyncResult<Proven> proof) {
    try {
      if (proof.failed()) {
        context.fail(proof.cause());
        return;
      }
      Proven proven = proof.result();
      proven.credential().tenantStatus().requireActive();
      requireTenant(context, proven.credential());
      proven.credential().caller().attach(context);
      if (proven.session() != null) {
        proven.session().attach(context);
      }
    } catch (Refusal refusal) {
      context.fail(refusal);
      return;
    }
    context.next();
  }

  private static void requireTenant(RoutingContext context, Credential credential) {
    String asked = context.request().getHeader("X-Tenant-ID");
    if (asked != null && !asked.strip().equalsIgnoreCase(credential.tenantId().toString())) {
      throw new Refusal(
          AuthError.TENANT_ACCESS_DENIED,
          "X-Tenant-ID",
          "This credential belongs to another tenant than X-Tenant-ID names; leave the header out.");
    }
  }

  private Future<Proven> prove(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      return Future.failedFuture(new Refusal(
          AuthError.CREDENTIAL_MISSING,
          "Authorization",
          "Send 'Authorization: Bearer <accessToken or wk_… key>'."));
    }
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Future.failedFuture(new Refusal(
          AuthError.TOKEN_INVALID, "Authorization", "Only the Bearer scheme is understood."));
    }
    String text = authorization.substring(BEARER.length()).strip();
    return text.startsWith(ApiKeyText.PREFIX) ? byKey(text) : byToken(text);
  }

  private Future<Proven> byToken(String text) {
    return tokens
        .verify(text)
        .compose(claims -> sessions
            .get(claims.sessionId())
            .map(found -> found
                .filter(credential -> credential.holderId().equals(claims.userId())
                    && credential.tenantId().equals(claims.tenantId()))
                .map(credential -> new Proven(credential, new CallerSession(claims.sessionId())))
                .orElseThrow(() -> new Refusal(
                    AuthError.SESSION_ENDED, "This session has ended; sign in again."))));
  }

  private Future<Proven> byKey(String text) {
    Optional<ApiKeyText> key = ApiKeyText.parse(text);
    if (key.isEmpty()) {
      return Future.failedFuture(badKey());
    }
    return keys.get(key.get().keyId())
        .map(found -> found
            .filter(credential -> isSecret(key.get().secret(), credential))
            .map(credential -> new Proven(credential, null))
            .orElseThrow(Authenticator::badKey));
  }

  private static boolean isSecret(String secret, Credential credential) {
    return MessageDigest.isEqual(
        Secrets.digest(secret), HexFormat.of().parseHex(credential.secretDigest()));
  }

  private static Refusal badKey() {
    return new Refusal(
        AuthError.API_KEY_INVALID, "The API key is unknown or was deleted; use another.");
  }
}
