package dev.weir.benchmarks.report;

import java.util.List;
import java.util.Map;

/** A report as one HTML file: no scripts, nothing fetched, light or dark as the reader's screen is. */
public final class HtmlReport {

  private static final String HEAD = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>%s</title>
      <style>
      :root {
        --ground: #fcfcfb; --ink: #1c2024; --soft: #5d666f; --rule: #dfe2e5; --card: #ffffff;
        --c0: #1668b8; --c1: #c2500b; --c2: #2b7f45; --c3: #8a3ea8; --c4: #a6771a; --c5: #b0274a;
        --fault: #b3261e;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --ground: #14171a; --ink: #e6e8ea; --soft: #9aa4ae; --rule: #30363c; --card: #1b1f23;
          --c0: #6fb1f0; --c1: #f09a5c; --c2: #6fcf8e; --c3: #cc94e6; --c4: #dcb45c; --c5: #f0809c;
          --fault: #ff8a80;
        }
      }
      body { background: var(--ground); color: var(--ink); margin: 2rem auto; max-width: 60rem;
        padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
      .fault { color: var(--fault); font-weight: 600; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--rule); text-align: right;
        white-space: nowrap; }
      th { color: var(--soft); font-weight: 500; }
      th:first-child, td:first-child { text-align: left; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
      dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
      svg { width: 100%%; height: auto; background: var(--card); border: 1px solid var(--rule);
        border-radius: 6px; }
      svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
      .grid { stroke: var(--rule); } .curve { fill: none; stroke-width: 2; }
      .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); }
      .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); }
      .key { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin: .5rem 0; }
      .key svg { width: 26px; height: 10px; border: 0; background: none; margin-right: .4rem; }
      </style>
      </head>
      <body>
      """;

  private final StringBuilder html = new StringBuilder();

  private HtmlReport() {}

  public static String of(Report report, List<Fact> surroundings) {
    HtmlReport page = new HtmlReport();
    page.html.append(HEAD.formatted(escaped(report.title())));
    page.element("h1", report.title());
    report
        .faults()
        .forEach(fault ->
            page.html.append("<p class=\"fault\">").append(escaped(fault)).append("</p>\n"));
    report.sections().forEach(page::section);
    page.facts("Measured", report.facts());
    page.facts("Machine", surroundings);
    return page.html.append("</body>\n</html>\n").toString();
  }

  private void section(Section section) {
    element("h2", section.title());
    if (section instanceof Section.Text prose) {
      prose.paragraphs().forEach(line -> element("p", line));
    } else if (section instanceof Section.Output output) {
      html.append("<div class=\"wide\">");
      element("pre", String.join("\n", output.lines()));
      html.append("</div>\n");
    } else if (section instanceof Section.Table table) {
      table(table.columns(), table.rows());
    } else if (section instanceof Section.Percentiles percentiles) {
      html.append(new PercentilePlot(percentiles.curves()).svg());
      key(percentiles.curves());
      table(TextReport.percentileColumns(), TextReport.percentileRows(percentiles));
    }
  }

  private void key(Map<String, ?> curves) {
    html.append("<div class=\"key\">");
    int number = 0;
    for (String name : curves.keySet()) {
      html.append("<span><svg viewBox=\"0 0 26 10\"><line class=\"curve c")
          .append(number++ % PercentilePlot.COLOURS)
          .append("\" x1=\"0\" y1=\"5\" x2=\"26\" y2=\"5\"/></svg>")
          .append(escaped(name))
          .append("</span>");
    }
    html.append("</div>\n");
  }

  private void facts(String title, List<Fact> facts) {
    if (facts.isEmpty()) {
      return;
    }
    element("h2", title);
    html.append("<dl>\n");
    for (Fact fact : facts) {
      element("dt", fact.name());
      element("dd", fact.value());
    }
    html.append("</dl>\n");
  }

  private void table(List<String> columns, List<List<String>> rows) {
    html.append("<div class=\"wide\"><table>\n<tr>");
    columns.forEach(column -> element("th", column));
    html.append("</tr>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      row.forEach(cell -> element("td", cell));
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void element(String name, String text) {
    html.append('<').append(name).append('>').append(escaped(text));
    html.append("</").append(name).append(">\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
