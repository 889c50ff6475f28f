package dev.weir.gateway.client;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** How long one request is sent again before giving up. One instance per request. */
final class Patience {

  /** For requests that are not worth waiting for a server that is being restarted: about a minute. */
  static final int BREAKS_MAX = 20;

  private static final int WAITS_MAX = 120;
  private static final int WAIT_SECONDS_MAX = 10;
  private static final Duration BREAK_WAIT = Duration.ofMillis(250);
  private static final Duration BREAK_WAIT_MAX = Duration.ofSeconds(5);
  private static final Set<Integer> OPEN = Set.of(500, 502, 504);

  private final int breaksMax;
  private int waits;
  private int breaks;

  Patience() {
    this(BREAKS_MAX);
  }

  Patience(int breaksMax) {
    this.breaksMax = breaksMax;
  }

  /** Whether the server refused before doing anything and asks to come back later. */
  static boolean asksToWait(HttpResponse<?> response) {
    return response.statusCode() == 429 || response.statusCode() == 503;
  }

  /** Whether the answer does not tell if anything was done, as after a broken connection. */
  static boolean leavesOpen(HttpResponse<?> response) {
    return OPEN.contains(response.statusCode());
  }

  /** Waits as long as the answer asks; false, without waiting, when it has been asked too often. */
  boolean wait(HttpResponse<?> response) throws InterruptedException {
    if (++waits > WAITS_MAX) {
      return false;
    }
    Thread.sleep(
        retryAfter(response.headers().firstValue("Retry-After").orElse("1")).toMillis());
    return true;
  }

  /** Waits a moment after a broken connection, longer each time; false when it broke too often. */
  boolean waitAfterBreak() throws InterruptedException {
    if (++breaks > breaksMax) {
      return false;
    }
    Thread.sleep(breakWait(breaks).toMillis());
    return true;
  }

  /** A quarter of a second, doubled each time up to five seconds. */
  static Duration breakWait(int breaks) {
    Duration wait = BREAK_WAIT.multipliedBy(1L << Math.min(breaks - 1, 10));
    return wait.compareTo(BREAK_WAIT_MAX) < 0 ? wait : BREAK_WAIT_MAX;
  }

  /** The header in seconds, between 0 and ten; a date or anything else counts as one second. */
  static Duration retryAfter(String header) {
    return header.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Math.min(Integer.parseInt(header), WAIT_SECONDS_MAX))
        : Duration.ofSeconds(1);
  }
}
