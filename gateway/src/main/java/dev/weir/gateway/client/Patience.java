package dev.weir.gateway.client;

import java.net.http.HttpResponse;
import java.time.Duration;

/** How long one request is sent again before giving up. One instance per request. */
public final class Patience {

  private static final int WAITS_MAX = 120;
  private static final int WAIT_SECONDS_MAX = 10;
  private static final int BREAKS_MAX = 20;
  private static final Duration BREAK_WAIT = Duration.ofMillis(250);

  private int waits;
  private int breaks;

  /** Whether the server refused before doing anything and asks to come back later. */
  public static boolean asksToWait(HttpResponse<?> response) {
    return response.statusCode() == 429 || response.statusCode() == 503;
  }

  /** Waits as long as the answer asks; false, without waiting, when it has been asked too often. */
  public boolean wait(HttpResponse<?> response) throws InterruptedException {
    if (++waits > WAITS_MAX) {
      return false;
    }
    Thread.sleep(
        retryAfter(response.headers().firstValue("Retry-After").orElse("1")).toMillis());
    return true;
  }

  /** Waits a moment after a broken connection; false when it broke too often. */
  public boolean waitAfterBreak() throws InterruptedException {
    if (++breaks > BREAKS_MAX) {
      return false;
    }
    Thread.sleep(BREAK_WAIT.toMillis());
    return true;
  }

  /** The header in seconds, between 0 and ten; a date or anything else counts as one second. */
  static Duration retryAfter(String header) {
    return header.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Math.min(Integer.parseInt(header), WAIT_SECONDS_MAX))
        : Duration.ofSeconds(1);
  }
}
