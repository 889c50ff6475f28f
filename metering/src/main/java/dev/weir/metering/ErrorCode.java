package dev.weir.metering;

/**
 * A stable, documented code for one kind of refusal. Each module lists its own codes in an enum that
 * implements this; the names are part of the public contract and never change meaning.
 */
public interface ErrorCode {

  /** What the caller can do about it; decides the HTTP status. */
  enum Category {
    /** The request is malformed or a field has a bad value: 400. */
    INVALID,
    /** No credential, or one that does not hold: 401. */
    UNAUTHENTICATED,
    /** A good credential that may not do this: 403. */
    FORBIDDEN,
    /** No such resource in this tenant: 404. */
    NOT_FOUND,
    /** The method is not offered on this path: 405. */
    METHOD_NOT_ALLOWED,
    /** It clashes with what exists: 409. */
    CONFLICT,
    /** If-Match did not match: 412. */
    PRECONDITION,
    /** The body is larger than allowed: 413. */
    TOO_LARGE,
    /** The first line of the request is longer than allowed: 414. */
    URI_TOO_LONG,
    /** The headers are larger than allowed: 431. */
    HEADERS_TOO_LARGE,
    /** The content type is not one we read: 415. */
    UNSUPPORTED_MEDIA_TYPE,
    /** Well-formed, but the rules of the business forbid it: 422. */
    UNPROCESSABLE,
    /** Too many requests: 429 with Retry-After. */
    TOO_MANY,
    /** We cannot do it now: 503 with Retry-After. */
    UNAVAILABLE,
    /** A bug or a failed dependency: 500. */
    INTERNAL
  }

  /** The code as printed, for example {@code METER_NOT_FOUND}. */
  String name();

  Category category();
}
