package dev.weir.metering.explorer.run;

/**
 * Bounds of the times in a run, in nanoseconds, all inclusive; the first are above the last when it has
 * no records.
 */
public record Times(long firstEvent, long lastEvent, long firstReceived, long lastReceived) {

  public static final Times NONE =
      new Times(Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

  public Times and(Times other) {
    return new Times(
        Math.min(firstEvent, other.firstEvent),
        Math.max(lastEvent, other.lastEvent),
        Math.min(firstReceived, other.firstReceived),
        Math.max(lastReceived, other.lastReceived));
  }
}
