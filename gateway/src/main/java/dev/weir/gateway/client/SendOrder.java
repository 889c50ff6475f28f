package dev.weir.gateway.client;

import java.util.TreeSet;

/**
 * Hands batches to the senders one after the other, numbered from 0. Holds back a batch whose verdicts
 * depend on earlier ones until those are acknowledged, and all batches while the oldest unanswered one
 * is too far behind. Thread-safe; remembers at most one number per sender.
 */
final class SendOrder<B extends EventBatch> {

  /** A batch's place in the order, or none. */
  static final long NONE = -1;

  private final EventSource<? super B> source;
  private final int aheadMax;
  private final TreeSet<Long> unanswered = new TreeSet<>();
  private long next;
  private boolean stopped;

  /** @param aheadMax how many batches may be taken from the oldest unanswered one on */
  SendOrder(EventSource<? super B> source, int aheadMax) {
    this.source = source;
    this.aheadMax = aheadMax;
  }

  /** Fills the batch and gives its number once it may be sent; NONE when there is nothing to send. */
  synchronized long take(B batch) throws InterruptedException {
    while (!stopped && !unanswered.isEmpty() && next - unanswered.first() >= aheadMax) {
      wait();
    }
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

  synchronized void answered(long number) {
    unanswered.remove(number);
    notifyAll();
  }

  /** Lets every sender end after the request it has under way. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
