package dev.weir.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A part of a report. */
public sealed interface Section {

  String title();

  /** Sentences. */
  record Text(String title, List<String> paragraphs) implements Section {
    public Text {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /** Rows under columns; the first column is text, the others are numbers mostly. */
  record Table(String title, List<String> columns, List<List<String>> rows) implements Section {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException("a row of another width: " + row);
        }
      }
    }
  }

  /** Figures with their median, least and greatest. */
  static Table figures(String title, List<Figure> figures) {
    List<List<String>> rows = new ArrayList<>();
    for (Figure figure : figures) {
      rows.add(List.of(
          figure.name(),
          figure.shown(figure.median()),
          figure.shown(figure.min()),
          figure.shown(figure.max()),
          figure.unit(),
          Integer.toString(figure.runs().size())));
    }
    return new Table(title, List.of("", "median", "min", "max", "unit", "runs"), rows);
  }

  /** Latencies in microseconds by percentile, one curve each, in the map's order. */
  record Percentiles(String title, Map<String, Histogram> curves) implements Section {
    public Percentiles {
      curves = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(curves));
    }
  }
}
