package dev.weir.benchmarks.server;

import java.util.concurrent.CountDownLatch;

/** A server that never gets ready, and stops when it is told to; a process of its own. */
final class Waiting {

  private Waiting() {}

  public static void main(String... words) throws InterruptedException {
    new CountDownLatch(1).await();
  }
}
