package dev.weir.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static Histogram histogram(long... micros) {
    Histogram histogram = new Histogram(3);
    for (long value : micros) {
      histogram.recordValue(value);
    }
    return histogram;
  }

  private static Report report(String... faults) {
    return new Report(
        "some",
        "Some <thing>",
        List.of(new Fact("size", "5 & 6")),
        List.of(
            Section.figures(
                "Figures", List.of(Figure.of("rate", "events/s", 0, 1_000, 3_000, 2_000))),
            new Section.Percentiles("Latency", Map.of("<a>", histogram(100, 1_000, 250_000))),
            new Section.Text("Words", List.of("one.", "two.")),
            new Section.Output("Lines", List.of("a  1", "b  2"))),
        List.of(faults));
  }

  @Test
  void aFigureIsTheMedianWithTheLeastAndTheGreatest() {
    Figure odd = Figure.of("x", "ms", 1, 3, 1, 9);
    assertEquals(
        "3.0 1.0 9.0",
        "%s %s %s".formatted(odd.shown(odd.median()), odd.shown(odd.min()), odd.shown(odd.max())));
    Figure even = Figure.of("x", "ms", 2, 4, 1, 2, 9);
    assertEquals("x: 3.00 ms", even.text());
    assertThrows(IllegalArgumentException.class, () -> Figure.of("x", "ms", 1));
  }

  @Test
  void textIsMarkdownWithEverythingInIt() {
    String text = TextReport.of(report("lost 5"), List.of(new Fact("kernel", "Linux 6")));
    assertEquals("""
        # Some <thing>

        **FAULT: lost 5**

        ## Figures

        |      | median |   min |   max |     unit | runs |
        |------|-------:|------:|------:|---------:|-----:|
        | rate |  2,000 | 1,000 | 3,000 | events/s |    3 |

        ## Latency

        | ms  |  p50 | p90 | p99 | p99.9 | p99.99 | max | count |
        |-----|-----:|----:|----:|------:|-------:|----:|------:|
        | <a> | 1.00 | 250 | 250 |   250 |    250 | 250 |     3 |

        ## Words

        one.
        two.

        ## Lines

        ```
        a  1
        b  2
        ```

        ## Measured

        - size: 5 & 6

        ## Machine

        - kernel: Linux 6

        """, text);
  }

  @Test
  void htmlNeedsNothingElseAndShowsWhatIsMarkup() {
    String html = HtmlReport.of(report("lost 5"), List.of(new Fact("kernel", "Linux 6")));
    assertTrue(html.contains("<h1>Some &lt;thing&gt;</h1>"), html);
    assertTrue(html.contains("<p class=\"fault\">lost 5</p>"), html);
    assertTrue(html.contains("<dd>5 &amp; 6</dd>"), html);
    assertTrue(html.contains("<title>&lt;a&gt;</title></polyline>"), html);
    assertTrue(html.contains("prefers-color-scheme: dark"), html);
    assertFalse(html.contains("<script") || html.contains("src=") || html.contains("url("), html);
    assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
  }

  @Test
  void curvesWithoutValuesAreLeftOut() {
    String svg = new PercentilePlot(Map.of("none", new Histogram(3))).svg();
    assertFalse(svg.contains("polyline") || svg.contains("NaN") || svg.contains("Infinity"), svg);
  }
}
