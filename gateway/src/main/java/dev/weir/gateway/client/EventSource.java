package dev.weir.gateway.client;

/** Where the events to send come from. */
public interface EventSource {

  /**
   * Fills a cleared batch with the next events; false when there are none left. Callers take turns
   * (one thread at a time).
   */
  boolean fill(EventBatch batch);
}
