package dev.weir.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportJsonTest {

  private static final List<Fact> MACHINE =
      List.of(new Fact("kernel", "Linux 6"), new Fact("commit", "abc"));

  private static Report report(Section... sections) {
    return new Report(
        "some",
        "Some",
        List.of(new Fact("b", "1"), new Fact("a", "ä \"2\"")),
        List.of(sections),
        List.of("lost 5"));
  }

  @Test
  void whatIsWrittenIsReadBackInItsOrder() {
    Report report = report(
        Section.figures("Figures", List.of(Figure.of("rate", "events/s", 0, 1_000, 3_000))),
        new Section.Text("Words", List.of("one.", "two.")),
        new Section.Output("Lines", List.of("a  1")));
    ReportJson.Kept kept = ReportJson.read(ReportJson.of(report, MACHINE));
    assertEquals(new ReportJson.Kept(report, MACHINE), kept);
  }

  @Test
  void percentilesAreKeptAsTheyAreShown() {
    Histogram histogram = new Histogram(3);
    histogram.recordValue(1_500);
    Section.Percentiles percentiles = new Section.Percentiles("Latency", Map.of("x", histogram));
    ReportJson.Kept kept = ReportJson.read(ReportJson.of(report(percentiles), MACHINE));
    assertEquals(
        new Section.Table(
            "Latency",
            List.of("ms", "p50", "p90", "p99", "p99.9", "p99.99", "max", "count"),
            List.of(List.of("x", "1.50", "1.50", "1.50", "1.50", "1.50", "1.50", "1"))),
        kept.report().sections().get(0));
  }

  @Test
  void somethingElseIsRefused() {
    assertThrows(IllegalStateException.class, () -> ReportJson.read("{\"sections\":[]}"));
  }
}
