package dev.weir.benchmarks.harness;

import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Figure;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that takes the same events, so that it can be compared with others: Weir, what a user could
 * take instead, or a limit that nothing can pass.
 *
 * @param name as the command line has it
 * @param meaning one line for help
 * @param title of its report
 * @param acknowledgement what is known of an event that counts as taken
 */
public record Contender(
    String name,
    String meaning,
    String title,
    String acknowledgement,
    List<Option> options,
    Measure measure) {

  /** Measures; may take minutes, and reads only the options that are declared. */
  @FunctionalInterface
  public interface Measure {
    Measured run(Options options, Console console) throws Exception;
  }

  /**
   * What was measured.
   *
   * @param rate events a second, as many as there can be
   * @param facts how it was measured
   * @param faults what makes it worthless
   */
  public record Measured(
      Figure rate, List<Fact> facts, List<Section> sections, List<String> faults) {
    public Measured {
      facts = List.copyOf(facts);
      sections = List.copyOf(sections);
      faults = List.copyOf(faults);
    }
  }

  public Contender {
    options = List.copyOf(options);
  }

  /** The benchmark of it alone. */
  public Benchmark benchmark() {
    return new Benchmark(name, meaning, options, (options, console) -> {
      Measured measured = measure.run(options, console);
      List<Fact> facts = new ArrayList<>(measured.facts());
      facts.add(new Fact("an acknowledged event is", acknowledgement));
      return new Report(name, title, facts, measured.sections(), measured.faults());
    });
  }
}
