package dev.weir.benchmarks.load;

import java.net.URI;

/**
 * One load.
 *
 * @param server its host and port
 * @param key sent as the bearer's credential; empty to send none
 * @param eventsPerSecond due in all; a request without events counts as one
 * @param senders who sends
 * @param warmUpMillis sent, but not measured
 * @param measuredMillis after that
 */
public record LoadPlan(
    URI server,
    String key,
    Protocol protocol,
    long eventsPerSecond,
    int eventsPerRequest,
    Senders senders,
    long warmUpMillis,
    long measuredMillis) {

  /** A request that is later than this after the end is not sent any more. */
  static final long LATE_MILLIS = 1_000;

  /** Longer than any server is allowed to be silent. */
  static final long GRACE_MILLIS = 5_000;

  /** Requests under way on one connection of HTTP/2. */
  static final int STREAMS = 64;

  /**
   * Who sends.
   *
   * @param count of threads, each with its own connections
   * @param connections of all together
   */
  public record Senders(int count, int connections) {
    public Senders {
      if (connections < count) {
        throw new IllegalArgumentException("each sender needs a connection");
      }
    }

    /** Of one sender. */
    int connections(int sender) {
      return connections / count + (sender < connections % count ? 1 : 0);
    }
  }

  /** The same at another rate. */
  public LoadPlan at(long otherEventsPerSecond) {
    return new LoadPlan(
        server,
        key,
        protocol,
        otherEventsPerSecond,
        eventsPerRequest,
        senders,
        warmUpMillis,
        measuredMillis);
  }

  /** The same for another time. */
  public LoadPlan lasting(long otherWarmUpMillis, long otherMeasuredMillis) {
    return new LoadPlan(
        server,
        key,
        protocol,
        eventsPerSecond,
        eventsPerRequest,
        senders,
        otherWarmUpMillis,
        otherMeasuredMillis);
  }

  int exchangesPerConnection() {
    return protocol == Protocol.H1 ? 1 : STREAMS;
  }
}
