package dev.weir.gateway.client;

/**
 * Where the events to send come from.
 *
 * @param <B> the kind of batch it fills
 */
public interface EventSource<B extends EventBatch> {

  /**
   * Fills a cleared batch with the next events; false when there are none left. Callers take turns
   * (one thread at a time). A batch may come back without events, if the source has something else
   * to say with it; it is then not sent, but passed on as if it had been answered.
   */
  boolean fill(B batch);
}
