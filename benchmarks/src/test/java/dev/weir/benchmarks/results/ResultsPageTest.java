package dev.weir.benchmarks.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.ReportJson;
import dev.weir.benchmarks.report.Section;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsPageTest {

  private static final String PAGE = """
      # Results

      Words of mine: $1 \\ stays.

      <!-- result fast: At 70 % -->
      old
      <!-- end -->
      between
      <!-- result fast: measured -->
      <!-- end -->
      <!-- result fast: machine -->

      <!-- end -->
      <!-- result slow: Rates -->
      <!-- end -->
      The end.
      """;

  private static ReportJson.Kept kept(String... faults) {
    return new ReportJson.Kept(
        new Report(
            "ingest",
            "Ingest",
            List.of(new Fact("requests", "1,000 events each")),
            List.of(
                new Section.Text("Words", List.of("one.")),
                new Section.Table("Rate: 5 $/s", List.of("tried"), List.of()),
                new Section.Table(
                    "At 70 % of capacity, $5", List.of("", "rate"), List.of(List.of("x", "1")))),
            List.of(faults)),
        List.of(
            new Fact("date", "2026-01-02"),
            new Fact("commit", "abc"),
            new Fact("kernel", "Linux 6"),
            new Fact("command", "weir bench ingest --rate=max")));
  }

  @Test
  void placesAreFilledAndAllElseStays() {
    assertEquals("""
        # Results

        Words of mine: $1 \\ stays.

        <!-- result fast: At 70 % -->

        At 70 % of capacity, $5:

        |     | rate |
        |-----|-----:|
        | x   |    1 |

        date 2026-01-02, commit abc, `weir bench ingest --rate=max`.

        <!-- end -->
        between
        <!-- result fast: measured -->

        - requests: 1,000 events each

        <!-- end -->
        <!-- result fast: machine -->

        - kernel: Linux 6

        <!-- end -->
        <!-- result slow: Rates -->

        Not measured yet: `./weir bench all --only slow`.

        <!-- end -->
        The end.
        """, ResultsPage.rebuilt(PAGE, Map.of("fast", kept())));
  }

  @Test
  void aPageThatIsUpToDateStaysAsItIs() {
    String once = ResultsPage.rebuilt(PAGE, Map.of("fast", kept()));
    assertEquals(once, ResultsPage.rebuilt(once, Map.of("fast", kept())));
    assertEquals(List.of("fast", "slow"), ResultsPage.keys(once));
  }

  @Test
  void aFigureStandsInItsLine() {
    String page = """
        | N1 | <!-- figure fast: At 70 %; x; rate -->old<!-- /figure --> of <!-- figure fast: Rate --><!-- /figure --> |
        <!-- figure slow: At; x; rate -->7<!-- /figure --> <!-- figure fast: At; y; rate --><!-- /figure -->
        <!-- figure fast: At; x; cost --><!-- /figure --> <!-- figure fast: No --><!-- /figure -->
        """;
    String once = ResultsPage.rebuilt(page, Map.of("fast", kept()));
    assertEquals("""
        | N1 | <!-- figure fast: At 70 %; x; rate -->1<!-- /figure --> of <!-- figure fast: Rate -->5 $/s<!-- /figure --> |
        <!-- figure slow: At; x; rate -->–<!-- /figure --> <!-- figure fast: At; y; rate -->?<!-- /figure -->
        <!-- figure fast: At; x; cost -->?<!-- /figure --> <!-- figure fast: No -->?<!-- /figure -->
        """, once);
    assertEquals(once, ResultsPage.rebuilt(once, Map.of("fast", kept())));
    assertEquals(List.of("fast", "slow"), ResultsPage.keys(once));
    assertTrue(ResultsPage.rebuilt(page, Map.of("fast", kept("lost 5 of <table>\n<html>\n")))
        .startsWith("| N1 | <!-- figure fast: At 70 %; x; rate -->**fault**<!-- /figure --> of"));
  }

  @Test
  void whatIsWrongWithAReportIsSaid() {
    String page = ResultsPage.rebuilt(
        PAGE, Map.of("fast", kept("lost 5 of <table>\n<html>\n"), "slow", kept()));
    assertTrue(page.contains("**FAULT: lost 5 of &lt;table>**\n\nAt 70 %"), page);
    assertTrue(page.contains("The report has no section that begins by 'Rates'."), page);
  }

  @Test
  void marksThatAreNoPlacesAreRefused() {
    for (String broken : new String[] {
      "<!-- result fast: At 70 % -->\n",
      "<!-- result Fast: x -->\n<!-- end -->",
      "<!-- end -->",
      "<!-- figure fast: At 70 %; x; rate -->1",
      "<!-- figure fast: At 70 %; x -->1<!-- /figure -->",
      "<!-- figure fast: a -->1\n<!-- /figure -->",
      "<!-- result fast: a -->\n<!-- result fast: b -->\n<!-- end -->"
    }) {
      assertThrows(
          IllegalStateException.class, () -> ResultsPage.rebuilt(broken, Map.of()), broken);
    }
  }
}
