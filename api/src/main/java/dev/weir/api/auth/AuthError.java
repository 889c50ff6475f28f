package dev.weir.api.auth;

import dev.weir.metering.ErrorCode;

/** Codes of refusals around credentials, tenants and sessions. */
public enum AuthError implements ErrorCode {
  CREDENTIAL_MISSING(Category.UNAUTHENTICATED),
  SIGN_IN_FAILED(Category.UNAUTHENTICATED),
  TOKEN_INVALID(Category.UNAUTHENTICATED),
  TOKEN_EXPIRED(Category.UNAUTHENTICATED),
  SESSION_ENDED(Category.UNAUTHENTICATED),
  REFRESH_TOKEN_INVALID(Category.UNAUTHENTICATED),
  REFRESH_TOKEN_REUSED(Category.UNAUTHENTICATED),
  API_KEY_INVALID(Category.UNAUTHENTICATED),

  TENANT_ACCESS_DENIED(Category.FORBIDDEN),
  TENANT_SUSPENDED(Category.FORBIDDEN),
  TENANT_INACTIVE(Category.FORBIDDEN),
  SESSION_REQUIRED(Category.FORBIDDEN),

  API_KEY_NOT_FOUND(Category.NOT_FOUND),
  API_KEYS_TOO_MANY(Category.UNPROCESSABLE),
  PASSWORD_TOO_WEAK(Category.INVALID),
  SIGN_IN_BUSY(Category.TOO_MANY),
  IDENTITY_UNAVAILABLE(Category.UNAVAILABLE);

  private final Category category;

  AuthError(Category category) {
    this.category = category;
  }

  @Override
  public Category category() {
    return category;
  }
}
