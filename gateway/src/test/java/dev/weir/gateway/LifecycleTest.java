package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.gateway.config.StartFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private final List<String> log = new ArrayList<>();
  private final Lifecycle lifecycle = new Lifecycle();

  private void start(String name) {
    lifecycle.start(name, () -> name, part -> log.add("stop " + part));
  }

  @Test
  void stopsInReverseOrderAndOnlyOnce() {
    start("a");
    start("b");
    lifecycle.stop();
    lifecycle.stop();
    assertEquals(List.of("stop b", "stop a"), log);
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
  }
}
