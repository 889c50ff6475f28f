package dev.weir.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A report as text that is Markdown as well. */
public final class TextReport {

  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

  private TextReport() {}

  public static String of(Report report, List<Fact> surroundings) {
    StringBuilder text = new StringBuilder("# ").append(report.title()).append("\n\n");
    for (String fault : report.faults()) {
      text.append("**FAULT: ").append(fault).append("**\n\n");
    }
    for (Section section : report.sections()) {
      text.append("## ").append(section.title()).append("\n\n");
      append(text, section);
      text.append('\n');
    }
    facts(text, "Measured", report.facts());
    facts(text, "Machine", surroundings);
    return text.toString();
  }

  private static void facts(StringBuilder text, String title, List<Fact> facts) {
    if (!facts.isEmpty()) {
      text.append("## ").append(title).append("\n\n");
      facts.forEach(fact -> text.append("- ")
          .append(fact.name())
          .append(": ")
          .append(fact.value())
          .append('\n'));
      text.append('\n');
    }
  }

  /** A section without its title. */
  public static String of(Section section) {
    StringBuilder text = new StringBuilder();
    append(text, section);
    return text.toString();
  }

  /** Percentiles as they are shown. */
  static Section.Table table(Section.Percentiles percentiles) {
    return new Section.Table(percentiles.title(), percentileColumns(), percentileRows(percentiles));
  }

  private static void append(StringBuilder text, Section section) {
    if (section instanceof Section.Text prose) {
      prose.paragraphs().forEach(line -> text.append(line).append('\n'));
    } else if (section instanceof Section.Output output) {
      text.append("```\n").append(String.join("\n", output.lines())).append("\n```\n");
    } else if (section instanceof Section.Table table) {
      table(text, table.columns(), table.rows());
    } else if (section instanceof Section.Percentiles percentiles) {
      table(text, percentileColumns(), percentileRows(percentiles));
    }
  }

  static List<String> percentileColumns() {
    List<String> columns = new ArrayList<>(List.of("ms"));
    for (double percentile : PERCENTILES) {
      columns.add("p"
          + (percentile == Math.rint(percentile)
              ? Integer.toString((int) percentile)
              : Double.toString(percentile)));
    }
    columns.addAll(List.of("max", "count"));
    return columns;
  }

  static List<List<String>> percentileRows(Section.Percentiles percentiles) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Histogram> curve : percentiles.curves().entrySet()) {
      Histogram histogram = curve.getValue();
      List<String> row = new ArrayList<>(List.of(curve.getKey()));
      for (double percentile : PERCENTILES) {
        row.add(millis(histogram.getValueAtPercentile(percentile)));
      }
      row.add(millis(histogram.getMaxValue()));
      row.add(String.format(Locale.ROOT, "%,d", histogram.getTotalCount()));
      rows.add(row);
    }
    return rows;
  }

  static String millis(long micros) {
    return String.format(Locale.ROOT, micros < 100_000 ? "%,.2f" : "%,.0f", micros / 1e3);
  }

  private static void table(StringBuilder text, List<String> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(3, columns.get(i).length());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    row(text, columns, widths);
    for (int i = 0; i < widths.length; i++) {
      String rule = "-".repeat(widths[i] + 1);
      text.append(i == 0 ? "|" + rule + "-" : "|" + rule + ":");
    }
    text.append("|\n");
    rows.forEach(row -> row(text, row, widths));
  }

  private static void row(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String pad = " ".repeat(widths[i] - cells.get(i).length());
      text.append("| ").append(i == 0 ? cells.get(i) + pad : pad + cells.get(i)).append(' ');
    }
    text.append("|\n");
  }
}
