package dev.weir.benchmarks.harness;

import dev.weir.benchmarks.report.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that can be measured, by name.
 *
 * @param name as the command line has it
 * @param meaning one line for help
 */
public record Benchmark(String name, String meaning, List<Option> options, Body body) {

  /** Measures. May take minutes; called once. */
  @FunctionalInterface
  public interface Body {
    Report run(Options options, Console console) throws Exception;
  }

  public Benchmark {
    options = List.copyOf(options);
  }

  /** Its options and those of every benchmark. */
  public String help(List<Option> common) {
    StringBuilder text = new StringBuilder("weir bench " + name + ": " + meaning + "\n\n");
    List<Option> all = new ArrayList<>(options);
    all.addAll(common);
    all.forEach(option -> text.append(option.help()).append('\n'));
    return text.toString();
  }
}
