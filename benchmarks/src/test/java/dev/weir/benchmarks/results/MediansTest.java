package dev.weir.benchmarks.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {

  private static Report report(String fault, List<List<String>> rows) {
    return new Report(
        "some",
        "Some",
        List.of(new Fact("run", rows.get(0).get(1))),
        List.of(
            new Section.Text("Words", List.of("said of " + rows.get(0).get(1))),
            new Section.Table("Rates", List.of("", "rate", "of"), rows)),
        fault.isEmpty() ? List.of() : List.of(fault));
  }

  private static Report of(String rate, String fault) {
    return report(fault, List.of(List.of("10,000", rate, "n=1"), List.of("b", "–", "2.50")));
  }

  private static List<List<String>> rows(Report report) {
    return ((Section.Table) report.sections().get(1)).rows();
  }

  @Test
  void numbersBecomeTheMedianAndAllElseIsTheLastOnes() {
    Report median = Medians.of(List.of(of("1,500", "lost 5"), of("900", ""), of("12,000.5", "")));
    assertEquals(
        List.of(List.of("10,000", "1,500", "n=1"), List.of("b", "–", "2.50")), rows(median));
    assertEquals(
        List.of("said of 12,000.5"), ((Section.Text) median.sections().get(0)).paragraphs());
    assertEquals(List.of("lost 5"), median.faults());
    assertEquals(List.of(new Fact("run", "12,000.5")), median.facts());
  }

  @Test
  void ofTwoTheLowerCounts() {
    assertEquals("3", rows(Medians.of(List.of(of("3", ""), of("4", "")))).get(0).get(1));
  }

  @Test
  void aNumberThatIsMissingOnceIsNoMedian() {
    assertEquals("–", rows(Medians.of(List.of(of("3", ""), of("–", "")))).get(0).get(1));
    assertEquals("4", rows(Medians.of(List.of(of("–", ""), of("4", "")))).get(0).get(1));
  }

  @Test
  void tablesOfOtherRowsAreNotMixed() {
    Report other = report("", List.of(List.of("20,000", "7", "n=1")));
    assertEquals(rows(other), rows(Medians.of(List.of(of("3", ""), other))));
  }
}
