package dev.weir.api.http;

import dev.weir.metering.ErrorCode;

/** Codes of refusals that the wire itself gives. */
public enum ApiError implements ErrorCode {
  ROUTE_NOT_FOUND(Category.NOT_FOUND),
  METHOD_NOT_ALLOWED(Category.METHOD_NOT_ALLOWED),
  REQUEST_MALFORMED(Category.INVALID),
  REQUEST_LINE_TOO_LONG(Category.URI_TOO_LONG),
  HEADERS_TOO_LARGE(Category.HEADERS_TOO_LARGE),
  BODY_TOO_LARGE(Category.TOO_LARGE),
  BODY_MALFORMED(Category.INVALID),
  CONTENT_TYPE_UNSUPPORTED(Category.UNSUPPORTED_MEDIA_TYPE),
  CONTENT_ENCODING_UNSUPPORTED(Category.UNSUPPORTED_MEDIA_TYPE),
  QUERY_PARAMETER_INVALID(Category.INVALID),
  PERMISSION_DENIED(Category.FORBIDDEN),
  REQUEST_TIMEOUT(Category.UNAVAILABLE),
  QUERY_TOO_SLOW(Category.UNAVAILABLE),
  DATABASE_UNAVAILABLE(Category.UNAVAILABLE),
  INTERNAL_ERROR(Category.INTERNAL);

  private final Category category;

  ApiError(Category category) {
    this.category = category;
  }

  @Override
  public Category category() {
    return category;
  }
}
