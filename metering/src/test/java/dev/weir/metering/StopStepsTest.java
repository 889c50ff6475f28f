package dev.weir.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class StopStepsTest {

  private final List<String> run = new ArrayList<>();
  private final StopSteps steps = new StopSteps();

  @Test
  void everyStepRunsWhateverBecomesOfTheOthers() {
    IOException first = new IOException("disk");
    AssertionError second = new AssertionError("bug");
    steps.then("a", parts -> run.add("a"));
    steps.then("b", parts -> {
      throw first;
    });
    steps.then("c", parts -> {
      run.add("c");
      throw second;
    });
    steps.then("d", parts -> run.add("d"));
    assertEquals(List.of("a", "c", "d"), run);
    assertEquals(
        List.of(new StopSteps.Failure("b", first), new StopSteps.Failure("c", second)),
        steps.failures());
    IOException thrown = assertThrows(IOException.class, steps::end);
    assertSame(first, thrown);
    assertEquals(List.of(second), List.of(thrown.getSuppressed()));
  }

  @Test
  void nothingIsThrownWhenAllIsWell() throws Exception {
    steps.then("a", parts -> run.add("a"));
    steps.end();
    assertEquals(List.of(), steps.failures());
  }

  @Test
  void aCheckedFailureIsWrapped() {
    Exception cause = new Exception("odd");
    steps.then("a", parts -> {
      throw cause;
    });
    assertSame(cause, assertThrows(IllegalStateException.class, steps::end).getCause());
  }

  @Test
  void durationsAreToldAsATree() {
    steps.then("a", parts -> {});
    steps.then("b", parts -> {
      parts.then("c", inner -> inner.then("d", none -> {}));
      parts.then("e", inner -> {});
    });
    assertEquals("a N, b N (c N (d N), e N)", steps.toString().replaceAll("[0-9]+", "N"));
  }

  @Test
  void aFailureInAPartNamesItsWay() {
    RuntimeException cause = new IllegalStateException("no");
    steps.then("engines", parts -> {
      parts.then("lanes", inner -> {
        throw cause;
      });
      parts.then("journal", inner -> run.add("journal"));
    });
    assertEquals(List.of(new StopSteps.Failure("engines / lanes", cause)), steps.failures());
    assertEquals(List.of("journal"), run);
    assertSame(cause, assertThrows(IllegalStateException.class, steps::end));
  }

  @Test
  void anInterruptionEndsOneWaitOnly() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(0);
    Thread.currentThread().interrupt();
    steps.then("a", parts -> never.await());
    steps.then("b", parts -> {
      open.await();
      run.add("b");
    });
    assertEquals(List.of("b"), run);
    assertThrows(InterruptedException.class, steps::end);
    assertFalse(Thread.currentThread().isInterrupted());
    assertTrue(never.getCount() > 0);
  }
}
