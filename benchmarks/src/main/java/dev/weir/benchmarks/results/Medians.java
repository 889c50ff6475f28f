package dev.weir.benchmarks.results;

import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Several reports of one benchmark as one. Pure. */
final class Medians {

  private static final String NUMBER = "-?[0-9][0-9,]*(\\.[0-9]+)?";

  private Medians() {}

  /**
   * Tables of the same columns and rows become one, with the median of each cell that is a number everywhere
   * (of an even count the lower of the middle two). Of all else the last report's counts; faults of all are
   * kept.
   *
   * @param reports at least one, in the order in which they were made
   */
  static Report of(List<Report> reports) {
    Report last = reports.get(reports.size() - 1);
    List<Section> sections = new ArrayList<>();
    for (int at = 0; at < last.sections().size(); at++) {
      sections.add(section(reports, at));
    }
    List<String> faults =
        reports.stream().flatMap(report -> report.faults().stream()).distinct().toList();
    return new Report(last.name(), last.title(), last.facts(), sections, faults);
  }

  private static Section section(List<Report> reports, int at) {
    Section last = reports.get(reports.size() - 1).sections().get(at);
    if (!(last instanceof Section.Table table)) {
      return last;
    }
    List<Section.Table> alike = new ArrayList<>();
    for (Report report : reports) {
      if (report.sections().size() > at
          && report.sections().get(at) instanceof Section.Table other
          && isAlike(table, other)) {
        alike.add(other);
      }
    }
    return alike.size() == reports.size() ? median(alike) : table;
  }

  private static boolean isAlike(Section.Table one, Section.Table other) {
    return one.title().equals(other.title())
        && one.columns().equals(other.columns())
        && names(one).equals(names(other));
  }

  private static List<String> names(Section.Table table) {
    return table.rows().stream().map(row -> row.get(0)).toList();
  }

  private static Section.Table median(List<Section.Table> tables) {
    Section.Table first = tables.get(0);
    List<List<String>> rows = new ArrayList<>();
    for (int row = 0; row < first.rows().size(); row++) {
      List<String> cells = new ArrayList<>();
      for (int column = 0; column < first.columns().size(); column++) {
        cells.add(median(tables, row, column));
      }
      rows.add(cells);
    }
    return new Section.Table(first.title(), first.columns(), rows);
  }

  private static String median(List<Section.Table> tables, int row, int column) {
    List<String> cells =
        tables.stream().map(table -> table.rows().get(row).get(column)).toList();
    Optional<String> other =
        cells.stream().filter(cell -> !cell.matches(NUMBER)).findFirst();
    return other.isPresent() || column == 0
        ? cells.get(cells.size() - 1)
        : cells.stream()
            .sorted(Comparator.comparingDouble(cell -> Double.parseDouble(cell.replace(",", ""))))
            .toList()
            .get((cells.size() - 1) / 2);
  }
}
