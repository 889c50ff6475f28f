package dev.weir.invoicing.explain;

import dev.weir.metering.Invariant;
import dev.weir.metering.usage.WindowSize;
import java.time.Duration;
import java.time.Instant;

/**
 * Cuts a period into pages of at most {@value #WINDOWS_MAX} windows, along the windows' own borders in
 * UTC, so that no window is split between pages.
 *
 * @param from of the period, inclusive
 * @param to of the period, exclusive
 */
record WindowPages(Instant from, Instant to, WindowSize size) {

  static final int WINDOWS_MAX = 1_000;

  WindowPages {
    Invariant.check(from.isBefore(to), "a period is not empty");
  }

  /** How many pages there are; at least one. */
  int count() {
    long seconds = Duration.between(firstBorder(), to).toSeconds();
    return Math.toIntExact((seconds + pageSeconds() - 1) / pageSeconds());
  }

  /** Where a page begins: never before the period. */
  Instant start(int page) {
    return later(from, border(page - 1));
  }

  /** Where a page ends, exclusive: never after the period. */
  Instant end(int page) {
    Instant border = border(page);
    return border.isBefore(to) ? border : to;
  }

  private Instant border(int pages) {
    return firstBorder().plusSeconds(pageSeconds() * pages);
  }

  private Instant firstBorder() {
    long second = from.getEpochSecond();
    return Instant.ofEpochSecond(second - Math.floorMod(second, windowSeconds()));
  }

  private long pageSeconds() {
    return windowSeconds() * WINDOWS_MAX;
  }

  private long windowSeconds() {
    return switch (size) {
      case MINUTE -> 60;
      case HOUR -> 3_600;
      case DAY -> 86_400;
      case MONTH -> throw new IllegalStateException("months have no fixed length");
    };
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
