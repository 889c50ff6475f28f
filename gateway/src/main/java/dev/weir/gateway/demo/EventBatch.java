package dev.weir.gateway.demo;

/**
 * The events of one request, as bytes. Owned by one sender and refilled; its bytes stay unchanged
 * until the request is answered, so that a refused request can be sent again as it was.
 */
final class EventBatch {

  private static final int CAPACITY_BYTES = 320 * 1024;

  private final ByteWriter body = new ByteWriter(CAPACITY_BYTES);
  private int events;
  private boolean afterAllEarlier;

  void clear() {
    body.clear();
    events = 0;
    afterAllEarlier = false;
  }

  ByteWriter body() {
    return body;
  }

  void countEvent() {
    events++;
  }

  int events() {
    return events;
  }

  /**
   * Says that this batch has an event whose verdict depends on one in an earlier batch (a conflict):
   * it may be sent only when all earlier batches are acknowledged.
   */
  void sendAfterAllEarlier() {
    afterAllEarlier = true;
  }

  boolean afterAllEarlier() {
    return afterAllEarlier;
  }
}
