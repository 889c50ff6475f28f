package dev.weir.metering;

import org.jspecify.annotations.Nullable;

/**
 * An expected "no": a coded answer to a caller, not a failure of ours. Stackless, so that refusing is
 * cheap. The message says what is wrong and what to do instead; the field names the place in the
 * request, for example {@code rateCards[0].price.tiers[1].upTo}.
 */
public final class Refusal extends RuntimeException {

  private final ErrorCode code;
  private final @Nullable String field;

  public Refusal(ErrorCode code, @Nullable String field, String message) {
    super(message, null, false, false);
    this.code = code;
    this.field = field;
  }

  public Refusal(ErrorCode code, String message) {
    this(code, null, message);
  }

  public ErrorCode code() {
    return code;
  }

  public @Nullable String field() {
    return field;
  }

  /** The message; never null, unlike {@link #getMessage()}. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
