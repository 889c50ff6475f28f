package dev.weir.metering.simulation;

import java.time.Instant;
import java.time.InstantSource;

/** The machine's clock: it goes when it is told to, also backwards. */
final class SimulatedClock implements InstantSource {

  private long millis;
  private long latestMillis;

  SimulatedClock(long millis) {
    this.millis = millis;
    this.latestMillis = millis;
  }

  void advance(long byMillis) {
    millis += byMillis;
    latestMillis = Math.max(latestMillis, millis);
  }

  /** The latest time that it ever showed. */
  long latestSeconds() {
    return latestMillis / 1_000;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
