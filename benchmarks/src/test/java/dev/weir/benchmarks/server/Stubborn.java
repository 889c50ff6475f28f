package dev.weir.benchmarks.server;

import java.util.concurrent.CountDownLatch;

/** A server that does not stop when it is told to; a process of its own. */
final class Stubborn {

  private Stubborn() {}

  public static void main(String... words) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaits(never), "stubborn-stop"));
    System.out.println("stubborn ready nowhere");
    never.await();
  }

  private static void awaits(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
