package dev.weir.api.auth;

import java.util.UUID;

/**
 * The outcome of a sign-in or refresh; the record's components are the JSON fields.
 *
 * @param expiresIn seconds until the access token ends
 */
public record SignedIn(
    UserProfile user, String accessToken, String refreshToken, UUID sessionId, long expiresIn) {

  @Override
  public String toString() {
    return "SignedIn[user=" + user.id() + ", sessionId=" + sessionId + "]";
  }
}
