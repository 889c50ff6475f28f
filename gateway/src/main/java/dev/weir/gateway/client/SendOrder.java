package dev.weir.gateway.client;

import java.util.TreeSet;

/**
 * Hands batches to the senders one after the other, and holds back a batch whose verdicts depend on
 * earlier ones until those are acknowledged. Thread-safe; remembers at most one number per sender.
 */
public final class SendOrder {

  private final EventSource source;
  private final TreeSet<Long> unanswered = new TreeSet<>();
  private long next;
  private boolean stopped;

  public SendOrder(EventSource source) {
    this.source = source;
  }

  /** A batch's place in the order, or none. */
  public static final long NONE = -1;

  /** Fills the batch and gives its number once it may be sent; NONE when there is nothing to send. */
  public synchronized long take(EventBatch batch) throws InterruptedException {
    batch.clear();
    if (stopped || !source.fill(batch)) {
      return NONE;
    }
    long number = next++;
    unanswered.add(number);
    while (batch.afterAllEarlier() && unanswered.first() < number && !stopped) {
      wait();
    }
    return stopped ? NONE : number;
  }

  public synchronized void answered(long number) {
    unanswered.remove(number);
    notifyAll();
  }

  /** Lets every sender end. */
  public synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
