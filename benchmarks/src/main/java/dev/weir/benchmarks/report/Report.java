package dev.weir.benchmarks.report;

import java.util.List;

/**
 * What one benchmark found.
 *
 * @param name of the benchmark
 * @param facts what was measured how: sizes, rates, flags, what an acknowledgement means
 * @param faults what makes the figures worthless, such as totals that differ; empty when all is well
 */
public record Report(
    String name, String title, List<Fact> facts, List<Section> sections, List<String> faults) {

  public Report {
    facts = List.copyOf(facts);
    sections = List.copyOf(sections);
    faults = List.copyOf(faults);
  }
}
