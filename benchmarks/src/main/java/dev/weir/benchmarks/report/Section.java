package dev.weir.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A part of a report. */
public sealed interface Section {

  String title();

  /** The same with a word before the title. */
  default Section titled(String word) {
    String longer = word + ": " + title();
    if (this instanceof Table table) {
      return new Table(longer, table.columns(), table.rows());
    }
    if (this instanceof Percentiles percentiles) {
      return new Percentiles(longer, percentiles.curves());
    }
    if (this instanceof Output output) {
      return new Output(longer, output.lines());
    }
    return new Text(longer, ((Text) this).paragraphs());
  }

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

  /** Lines as a measurement printed them. */
  record Output(String title, List<String> lines) implements Section {
    public Output {
      lines = List.copyOf(lines);
    }
  }

  /** Latencies in microseconds by percentile, one curve each, in the map's order. */
  record Percentiles(String title, Map<String, Histogram> curves) implements Section {
    public Percentiles {
      curves = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(curves));
    }
  }
}
