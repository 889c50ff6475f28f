package dev.weir.metering.explorer;

import dev.weir.metering.Invariant;
import java.time.Duration;

/**
 * Bounds of the explorer.
 *
 * @param gatheredMax records of all lanes together whose entries are held in memory, 42 bytes each
 * @param searchThreads searches that run at once
 * @param searchesMax searches that run or wait
 * @param searchTime that a search may take, waiting included
 * @param indexedWait how long a search waits for what was flushed before it to be indexed
 * @param subscribersMax live streams at once, each with up to {@link EventFeed#QUEUED_MAX} events waiting
 */
public record ExplorerOptions(
    int gatheredMax,
    int searchThreads,
    int searchesMax,
    Duration searchTime,
    Duration indexedWait,
    int subscribersMax) {

  public static final ExplorerOptions DEFAULT =
      new ExplorerOptions(262_144, 2, 64, Duration.ofSeconds(10), Duration.ofSeconds(3), 100);

  public ExplorerOptions {
    Invariant.check(gatheredMax >= 1, "something must be gathered");
    Invariant.check(searchThreads >= 1 && searchesMax >= searchThreads, "searches need threads");
    Invariant.check(subscribersMax >= 0, "a bound is not negative");
  }
}
