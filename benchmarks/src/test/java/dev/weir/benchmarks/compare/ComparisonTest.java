package dev.weir.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final Contender.Measured HUNDRED = new Contender.Measured(
      Figure.of("acknowledged", "events/s", 0, 100), List.of(), List.of(), List.of());

  private static Contender contender(String name, Contender.Measure measure) {
    return new Contender(name, "", "The " + name, "taken", List.of(), measure);
  }

  private static Contender failing(String name, Exception failure) {
    return contender(name, (options, console) -> {
      throw failure;
    });
  }

  private static Report compared(Contender weir, Contender... others) throws Exception {
    Benchmark compare = Comparison.with(weir, List.of(others));
    Console silent = new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    return compare.body().run(Options.parse(compare.options(), List.of()), silent);
  }

  private static List<List<String>> rows(Report report) {
    return ((Section.Table) report.sections().get(0)).rows();
  }

  @Test
  void aContenderThatFailsHasARowAndAFaultAndTheOthersAreMeasured() throws Exception {
    Report report = compared(
        contender("weir", (options, console) -> HUNDRED),
        failing("lost", new IllegalStateException("it does not start\nits log")),
        failing("broken", new IOException("pipe")),
        contender("sink", (options, console) -> HUNDRED));
    assertEquals(
        List.of(
            List.of("The sink", "100", "100", "100", "1", "1.00"),
            List.of("The weir", "100", "100", "100", "1", "1.00"),
            List.of("The lost", "not measured: it does not start", "–", "–", "0", "–"),
            List.of("The broken", "not measured: java.io.IOException: pipe", "–", "–", "0", "–")),
        rows(report));
    assertEquals(
        List.of(
            "lost was not measured: it does not start\nits log",
            "broken was not measured: java.io.IOException: pipe"),
        report.faults());
  }

  @Test
  void withoutWeirThereIsNoRatio() throws Exception {
    Report report = compared(
        failing("weir", new IllegalStateException("gone")),
        contender("sink", (options, console) -> HUNDRED));
    assertEquals(
        List.of("The sink", "100", "100", "100", "1", "–"), rows(report).get(0));
    assertEquals(List.of("weir was not measured: gone"), report.faults());
  }

  @Test
  void wordsThatMakeNoSenseAndAnInterruptionEndIt() {
    Contender weir = contender("weir", (options, console) -> HUNDRED);
    assertThrows(UsageFailure.class, () -> compared(weir, failing("sink", new UsageFailure("no"))));
    assertThrows(
        InterruptedException.class,
        () -> compared(weir, failing("sink", new InterruptedException())));
  }
}
