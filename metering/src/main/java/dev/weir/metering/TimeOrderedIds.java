package dev.weir.metering;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUID version 7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then random bits, so that ids
 * sort by creation and index pages stay warm.
 *
 * <p>Thread-safe if the generator is, as {@link java.security.SecureRandom} is.
 */
public final class TimeOrderedIds implements Ids {

  private final InstantSource clock;
  private final RandomGenerator random;

  public TimeOrderedIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public UUID next() {
    long high = (clock.millis() << 16) | 0x7000L | (random.nextLong() & 0x0fffL);
    long low = 0x8000000000000000L | (random.nextLong() & 0x3fffffffffffffffL);
    return new UUID(high, low);
  }
}
