package dev.weir.gateway.client;

/**
 * The events of one request, as bytes. Owned by one sender and refilled; its bytes stay unchanged
 * until the request is answered, so that a refused request can be sent again as it was. A source may
 * extend it with what it wants to know when the answer comes.
 */
public class EventBatch {

  private static final int CAPACITY_BYTES = 320 * 1024;

  private final ByteWriter body = new ByteWriter(CAPACITY_BYTES);
  private int events;
  private boolean afterAllEarlier;

  public void clear() {
    body.clear();
    events = 0;
    afterAllEarlier = false;
  }

  public final ByteWriter body() {
    return body;
  }

  public final void countEvent() {
    events++;
  }

  public final int events() {
    return events;
  }

  /**
   * Says that this batch has an event whose verdict depends on one in an earlier batch (a conflict):
   * it may be sent only when all earlier batches are acknowledged.
   */
  public final void sendAfterAllEarlier() {
    afterAllEarlier = true;
  }

  public final boolean afterAllEarlier() {
    return afterAllEarlier;
  }
}
