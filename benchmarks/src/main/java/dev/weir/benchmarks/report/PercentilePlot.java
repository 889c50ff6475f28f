package dev.weir.benchmarks.report;

import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latency by percentile as an SVG: nines on a logarithmic axis, so that the tail has as much room as the
 * middle, and milliseconds on another.
 */
final class PercentilePlot {

  static final int COLOURS = 6;

  private static final int WIDTH = 820;
  private static final int HEIGHT = 380;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 16;
  private static final int BOTTOM = 46;
  private static final int TICKS_PER_HALF = 5;

  private final Map<String, Histogram> curves;
  private final StringBuilder svg = new StringBuilder();
  private final int nines;
  private final int lowest;
  private final int highest;

  PercentilePlot(Map<String, Histogram> curves) {
    this.curves = curves;
    long count = 10;
    long least = Long.MAX_VALUE;
    long greatest = 1;
    for (Histogram histogram : curves.values()) {
      count = Math.max(count, histogram.getTotalCount());
      if (histogram.getTotalCount() > 0) {
        least = Math.min(least, Math.max(1, histogram.getMinValue()));
      }
      greatest = Math.max(greatest, histogram.getMaxValue());
    }
    nines = (int) Math.min(6, Math.max(2, Math.ceil(Math.log10((double) count))));
    lowest = (int) Math.floor(Math.log10((double) Math.min(least, greatest)));
    highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10((double) greatest)));
  }

  String svg() {
    svg.append(String.format(
        Locale.ROOT,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"latency by percentile\">%n",
        WIDTH,
        HEIGHT));
    percentileLines();
    latencyLines();
    int number = 0;
    for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
      curve(curve.getKey(), curve.getValue(), number++);
    }
    return svg.append("</svg>\n").toString();
  }

  private void percentileLines() {
    for (int i = 0; i <= nines; i++) {
      int x = LEFT + (WIDTH - LEFT - RIGHT) * i / nines;
      line(x, TOP, x, HEIGHT - BOTTOM);
      label(x, HEIGHT - BOTTOM + 18, "middle", i == 0 ? "0 %" : percent(i) + " %");
    }
    label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "percentile");
  }

  /** 90, 99, 99.9 and so on. */
  private static String percent(int nines) {
    return nines == 1 ? "90" : "99" + (nines > 2 ? "." + "9".repeat(nines - 2) : "");
  }

  private void latencyLines() {
    for (int power = lowest; power <= highest; power++) {
      double y = y(Math.pow(10, power));
      line(LEFT, y, WIDTH - RIGHT, y);
      String millis =
          String.format(Locale.ROOT, "%." + Math.max(0, 3 - power) + "f", Math.pow(10, power - 3));
      label(LEFT - 8, y + 4, "end", millis + " ms");
    }
  }

  private void curve(String name, Histogram histogram, int number) {
    if (histogram.getTotalCount() == 0) {
      return;
    }
    svg.append("<polyline class=\"curve c").append(number % COLOURS).append("\" points=\"");
    for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF)) {
      double percentile = value.getPercentileLevelIteratedTo();
      svg.append(String.format(
          Locale.ROOT, "%.1f,%.1f ", x(percentile), y((double) value.getValueIteratedTo())));
    }
    svg.append("\"><title>").append(HtmlReport.escaped(name)).append("</title></polyline>\n");
  }

  private double x(double percentile) {
    double rest = Math.max(Math.pow(10, -nines), 1 - percentile / 100);
    return LEFT + (WIDTH - LEFT - RIGHT) * -Math.log10(rest) / nines;
  }

  private double y(double micros) {
    double part = (Math.log10(Math.max(1, micros)) - lowest) / (highest - lowest);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
  }

  private void line(double x1, double y1, double x2, double y2) {
    svg.append(String.format(
        Locale.ROOT,
        "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
        x1,
        y1,
        x2,
        y2));
  }

  private void label(double x, double y, String anchor, String text) {
    svg.append(String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        HtmlReport.escaped(text)));
  }
}
