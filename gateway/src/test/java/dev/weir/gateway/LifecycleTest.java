package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.gateway.config.StartFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LifecycleTest {

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(60));

  private final Logger logger = (Logger) LoggerFactory.getLogger(Lifecycle.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Level before = logger.getLevel();

  @BeforeEach
  void listen() {
    said.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(said);
    logger.setLevel(before);
  }

  private List<String> said(Level level) {
    return said.list.stream()
        .filter(event -> event.getLevel() == level)
        .map(event -> event.getFormattedMessage().replaceAll("[0-9]+", "N"))
        .toList();
  }

  private void start(String name) {
    lifecycle.start(name, () -> name, part -> log.add("stop " + part));
  }

  @Test
  void stopsInReverseOrderAndOnlyOnce() {
    start("a");
    start("b");
    assertTrue(lifecycle.stop());
    assertTrue(lifecycle.stop());
    assertEquals(List.of("stop b", "stop a"), log);
  }

  @Test
  void tellsInOneLineHowLongEachPartTook() {
    start("a");
    lifecycle.startInSteps("b", () -> "b", (part, steps) -> {
      steps.then("c", parts -> log.add("c"));
      steps.then("d", parts -> log.add("d"));
    });
    lifecycle.stop();
    assertEquals(List.of("stopped in N ms: b N (c N, d N), a N"), said(Level.INFO));
    assertEquals(List.of("c", "d", "stop a"), log);
  }

  @Test
  void aPartThatFailsInWhateverWayKeepsNoOtherRunning() {
    start("a");
    lifecycle.start("b", () -> "b", part -> {
      throw new AssertionError("an error, not an exception");
    });
    start("c");
    lifecycle.start("d", () -> "d", part -> {
      throw new InterruptedException();
    });
    start("e");
    assertFalse(lifecycle.stop());
    assertEquals(List.of("stop e", "stop c", "stop a"), log);
    assertEquals(
        List.of("d does not stop as it should", "b does not stop as it should"), said(Level.ERROR));
    assertTrue(Thread.interrupted(), "who interrupted is not forgotten");
    assertFalse(lifecycle.stop(), "a later stop has not made it good");
  }

  @Test
  void aPartThatDidNotStartIsNotStopped() {
    start("a");
    assertThrows(
        IllegalStateException.class,
        () -> lifecycle.start(
            "b",
            () -> {
              throw new java.io.IOException("no");
            },
            part -> log.add("stop b")));
    lifecycle.stop();
    assertEquals(List.of("stop a"), log);
  }

  @Test
  void nothingStartsAfterAStop() {
    lifecycle.stop();
    assertThrows(StartFailure.class, () -> start("a"));
    assertEquals(List.of(), said(Level.INFO));
  }

  @Test
  void aStopWaitsForThePartThatIsBeingStarted() throws Exception {
    start("a");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> starting = CompletableFuture.supplyAsync(() -> lifecycle.start(
        "b",
        () -> {
          begun.countDown();
          assertTrue(goOn.await(60, TimeUnit.SECONDS));
          return "b";
        },
        part -> log.add("stop b")));
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    CompletableFuture<Void> stop = CompletableFuture.runAsync(lifecycle::stop);
    Thread.onSpinWait();
    assertFalse(stop.isDone());
    goOn.countDown();
    stop.get(60, TimeUnit.SECONDS);
    assertEquals("b", starting.get(60, TimeUnit.SECONDS));
    assertEquals(List.of("stop b", "stop a"), log);
    assertThrows(StartFailure.class, () -> start("c"));
  }

  @Test
  void aStartThatTakesTooLongIsLeftAndStoppedWhenItIsThroughAfterAll() throws Exception {
    Lifecycle impatient = new Lifecycle(Duration.ofMillis(1));
    impatient.start("a", () -> "a", part -> log.add("stop a"));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<String> starting = CompletableFuture.supplyAsync(() -> impatient.start(
        "b",
        () -> {
          begun.countDown();
          assertTrue(goOn.await(60, TimeUnit.SECONDS));
          return "b";
        },
        part -> log.add("stop b")));
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    impatient.stop();
    assertEquals(List.of("stop a"), log);
    assertEquals(
        List.of("b is still starting and is left to end with the process"), said(Level.WARN));
    goOn.countDown();
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> starting.get(60, TimeUnit.SECONDS));
    assertTrue(failure.getCause() instanceof StartFailure, failure::toString);
    assertEquals(List.of("stop a", "stop b"), log);
  }

  @Test
  void aSecondStopWaitsForTheFirst() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    start("a");
    lifecycle.start("b", () -> "b", part -> {
      begun.countDown();
      assertTrue(goOn.await(60, TimeUnit.SECONDS));
      log.add("stop b");
    });
    CompletableFuture<Void> first = CompletableFuture.runAsync(lifecycle::stop);
    assertTrue(begun.await(60, TimeUnit.SECONDS));
    CompletableFuture<Void> second = CompletableFuture.runAsync(lifecycle::stop);
    assertFalse(second.isDone());
    assertEquals(List.of(), log);
    goOn.countDown();
    CompletableFuture.allOf(first, second).get(60, TimeUnit.SECONDS);
    assertEquals(List.of("stop b", "stop a"), log);
  }
}
