package dev.weir.gateway.identity;

import dev.weir.api.auth.AuthError;
import dev.weir.metering.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;

/** Signed access tokens (JWT, HS256). Thread-safe; a check costs one HMAC and no I/O. */
final class AccessTokens {

  static final Duration LIFETIME = Duration.ofHours(24);

  private static final String ALGORITHM = "HS256";
  private static final String ISSUER = "weir";
  private static final String AUDIENCE = "weir-api";

  /** What a token proves. */
  record Claims(UUID userId, UUID tenantId, UUID sessionId) {}

  private final JWTAuth signer;
  private final InstantSource clock;

  AccessTokens(Vertx vertx, String secret, InstantSource clock) {
    this.clock = clock;
    this.signer = JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(
                new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(Buffer.buffer(secret)))
            // Expiry is checked here, by our clock.
            .setJWTOptions(new JWTOptions()
                .setIssuer(ISSUER)
                .addAudience(AUDIENCE)
                .setIgnoreExpiration(true)));
  }

  String issue(dev.weir.gateway.identity.User user, UUID sessionId, Instant now) {
    JsonObject claims = new JsonObject()
        .put("sub", user.id().toString())
        .put("email", user.email())
        .put("tenantId", user.tenantId().toString())
        .put("role", user.role().name())
        .put("sid", sessionId.toString())
        .put("iat", now.getEpochSecond())
        .put("exp", now.plus(LIFETIME).getEpochSecond());
    return signer.generateToken(
        claims,
        new JWTOptions()
            .setAlgorithm(ALGORITHM)
            .setIssuer(ISSUER)
            .addAudience(AUDIENCE)
            .setNoTimestamp(true));
  }

  /** What the token proves; refuses with TOKEN_INVALID or TOKEN_EXPIRED. */
  Future<Claims> verify(String token) {
    if (!isCanonical(token)) {
      return Future.failedFuture(invalid());
    }
    Future<User> checked;
    try {
      checked = signer.authenticate(new TokenCredentials(token));
    } catch (RuntimeException e) {
      return Future.failedFuture(invalid()); // claims of odd types
    }
    return checked
        .recover(failure -> Future.failedFuture(invalid()))
        .map(proven -> claims(proven.attributes().getJsonObject("accessToken")));
  }

  /**
   * Whether the signature is in its one proper spelling: a decoder ignores the spare bits of the last
   * character, so that other spellings of the same signature would pass.
   */
  private static boolean isCanonical(String token) {
    String signature = token.substring(token.lastIndexOf('.') + 1);
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(signature);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Claims claims(JsonObject claims) {
    try {
      Long expiresAt = claims.getLong("exp");
      if (expiresAt == null) {
        throw invalid();
      }
      if (expiresAt <= clock.instant().getEpochSecond()) {
        throw new Refusal(
            AuthError.TOKEN_EXPIRED, "The access token has expired; POST /api/auth/refresh.");
      }
      return new Claims(id(claims, "sub"), id(claims, "tenantId"), id(claims, "sid"));
    } catch (ClassCastException | IllegalArgumentException e) {
      throw invalid();
    }
  }

  private static UUID id(JsonObject claims, String name) {
    String text = claims.getString(name);
    if (text == null) {
      throw invalid();
    }
    return UUID.fromString(text);
  }

  private static Refusal invalid() {
    return new Refusal(
        AuthError.TOKEN_INVALID, "The access token is not one of ours; sign in again.");
  }
}
