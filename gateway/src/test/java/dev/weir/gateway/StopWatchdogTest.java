package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class StopWatchdogTest {

  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void endsTheProcessWhenTheTimeIsOverAndSaysWhatAllThreadsDo() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(StopWatchdog.class);
    Level before = logger.getLevel();
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(said);
    try {
      StopWatchdog.start(Duration.ofMillis(1), () -> "all of them", ended::countDown);
      assertTrue(ended.await(60, TimeUnit.SECONDS));
    } finally {
      logger.detachAppender(said);
      logger.setLevel(before);
    }
    assertEquals(1, said.list.size());
    assertTrue(said.list.get(0).getFormattedMessage().endsWith("\nall of them"));
    assertEquals(Level.ERROR, said.list.get(0).getLevel());
  }

  @Test
  void endsTheProcessAlsoWhenTheLogIsStuck() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    StopWatchdog.start(
        Duration.ofMillis(1),
        () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "";
        },
        ended::countDown);
    assertTrue(ended.await(60, TimeUnit.SECONDS));
    never.countDown();
  }

  @Test
  void whoLeavesOffWhenTheTimeIsOverSeesTheProcessEnd() throws Exception {
    CountDownLatch telling = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    StopWatchdog watchdog = StopWatchdog.start(
        Duration.ofMillis(1),
        () -> {
          telling.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "";
        },
        ended::countDown);
    assertTrue(telling.await(60, TimeUnit.SECONDS));
    CompletableFuture<Long> left = CompletableFuture.supplyAsync(() -> {
      try {
        watchdog.leaveOff();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return ended.getCount();
    });
    goOn.countDown();
    assertEquals(0, left.get(60, TimeUnit.SECONDS));
  }

  @Test
  void leavesAStopAloneThatHasEnded() throws Exception {
    AtomicInteger logs = new AtomicInteger();
    StopWatchdog watchdog = StopWatchdog.start(
        Duration.ofDays(1), () -> "thread " + logs.incrementAndGet(), ended::countDown);
    watchdog.leaveOff();
    assertEquals(0, logs.get());
    assertEquals(1, ended.getCount());
  }

  @Test
  void theDumpNamesEveryThreadWithItsStateAndTheTopOfItsStack() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread waiting = new Thread(
        () -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "test-waiting");
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    String dump = ThreadDump.text();
    end.countDown();
    waiting.join();
    assertTrue(dump.contains("\"test-waiting\" WAITING\n    "), dump);
    assertTrue(dump.contains("CountDownLatch.await"), dump);
  }

  @Test
  void theDumpIsBounded() {
    Map<Thread, StackTraceElement[]> threads = new HashMap<>();
    StackTraceElement[] deep = new StackTraceElement[500];
    for (int i = 0; i < deep.length; i++) {
      deep[i] = new StackTraceElement("Deep", "frame" + i, "Deep.java", i);
    }
    for (int i = 0; i < 300; i++) {
      threads.put(new Thread(() -> {}, "t-%03d".formatted(i)), deep);
    }
    String dump = ThreadDump.text(threads);
    assertEquals(200 * 14 + 1, dump.lines().count());
    assertTrue(dump.startsWith("\"t-000\" NEW\n    Deep.frame0(Deep.java:0)\n"), dump);
    assertTrue(dump.contains("    and 488 frames more"), dump);
    assertTrue(dump.endsWith("\nand 100 threads more"), dump);
    assertFalse(dump.contains("t-200"), dump);
  }
}
