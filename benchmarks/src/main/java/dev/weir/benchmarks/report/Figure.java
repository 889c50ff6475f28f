package dev.weir.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something measured, once in each run.
 *
 * @param unit stands behind the number
 * @param decimals that are shown
 */
public record Figure(String name, String unit, int decimals, List<Double> runs) {

  public Figure {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(name + " was not measured");
    }
    runs = List.copyOf(runs);
  }

  public static Figure of(String name, String unit, int decimals, double... runs) {
    return new Figure(name, unit, decimals, Arrays.stream(runs).boxed().toList());
  }

  /** The middle one, or between the middle two. */
  public double median() {
    List<Double> sorted = sorted();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  public double min() {
    return sorted().get(0);
  }

  public double max() {
    return sorted().get(runs.size() - 1);
  }

  private List<Double> sorted() {
    return runs.stream().sorted().toList();
  }

  /** In one line. */
  public String text() {
    return name + ": " + shown(median()) + " " + unit;
  }

  /** A number as all figures of this name are shown. */
  public String shown(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
