package dev.weir.gateway.demo;

import java.util.TreeSet;

/**
 * Hands batches to the senders one after the other, and holds back a batch whose verdicts depend on
 * earlier ones until those are acknowledged. Thread-safe; remembers at most one number per sender.
 */
final class SendOrder {

  private final Workload workload;
  private final TreeSet<Long> unanswered = new TreeSet<>();
  private long next;
  private boolean stopped;

  SendOrder(Workload workload) {
    this.workload = workload;
  }

  /** A batch's place in the order, or none. */
  static final long NONE = -1;

  /** Fills the batch and gives its number once it may be sent; NONE when there is nothing to send. */
  synchronized long take(EventBatch batch) throws InterruptedException {
    batch.clear();
    if (stopped || !workload.fill(batch)) {
      return NONE;
    }
    long number = next++;
    unanswered.add(number);
    while (batch.afterAllEarlier() && unanswered.first() < number && !stopped) {
      wait();
    }
    return stopped ? NONE : number;
  }

  synchronized void answered(long number) {
    unanswered.remove(number);
    notifyAll();
  }

  /** Lets every sender end. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
