package dev.weir.api.auth;

import dev.weir.api.http.Answers.PageOf;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Page;
import io.vertx.core.Future;
import java.util.Set;
import java.util.UUID;

/**
 * Sign-in, sessions and API keys. Implemented by the gateway, which this module cannot see. Safe for
 * use from any event loop; refusals carry an {@link AuthError}.
 */
public interface Accounts {

  /** Starts a session; refuses with SIGN_IN_FAILED whether the address or the password is wrong. */
  Future<SignedIn> login(String email, String password);

  /** Exchanges a refresh token, once; a token used twice ends its whole session. */
  Future<SignedIn> refresh(String refreshToken);

  /** Ends a session; its access and refresh tokens stop working at once. */
  Future<Void> logout(CallerSession session);

  /** The user behind a session. */
  Future<UserProfile> profile(Caller caller);

  /** Makes a key for the caller's tenant; the secret is in the answer and nowhere else. */
  Future<IssuedKey> createKey(Caller caller, String name, Set<KeyScope> scopes);

  /** The tenant's keys that still work, newest first. */
  Future<PageOf<ApiKey>> keys(Caller caller, Page page);

  /** Ends a key of the caller's tenant; refuses with API_KEY_NOT_FOUND. */
  Future<Void> deleteKey(Caller caller, UUID keyId);
}
