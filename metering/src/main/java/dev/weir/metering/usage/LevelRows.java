package dev.weir.metering.usage;

import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays the level of one group after the other over the windows of a query. A window has a row if the group
 * has events in it, or a level that is not zero; a level of keys, if one is present in it. Confined to one thread.
 */
final class LevelRows {

  private final Meter meter;
  private final WindowSpan span;
  private final List<List<UsageRow>> byWindow = new ArrayList<>();
  private int rows;

  private @Nullable UsageGroup group;
  private BigDecimal level = BigDecimal.ZERO;
  private int nextWindow;

  LevelRows(Meter meter, WindowSpan span) {
    this.meter = meter;
    this.span = span;
    for (int i = 0; i < span.windows(); i++) {
      byWindow.add(new ArrayList<>());
    }
  }

  /**
   * Takes the sums of a stretch of time; groups come one after the other, stretches in order.
   *
   * @param stretch 0 for all time before the range, then the windows from 1
   */
  void add(UsageGroup ofGroup, int stretch, LevelMean.Sums sums) {
    if (!ofGroup.equals(group)) {
      finishGroup();
      group = ofGroup;
      level = BigDecimal.ZERO;
      nextWindow = 0;
    }
    if (stretch > 0) {
      fillTo(ofGroup, stretch - 1);
      row(ofGroup, sums);
    }
    level = level.add(sums.sum());
  }

  /** The rows in order of window, then of group; at most one more than the bound. */
  List<UsageRow> finish() {
    finishGroup();
    List<UsageRow> answer = new ArrayList<>(rows);
    byWindow.forEach(answer::addAll);
    return answer;
  }

  private void finishGroup() {
    if (group != null) {
      fillTo(group, span.windows());
      group = null;
    }
  }

  /** Windows without events, in which the level stays what it is. */
  private void fillTo(UsageGroup ofGroup, int window) {
    while (nextWindow < window) {
      if (level.signum() == 0 || rows > UsageStore.ROWS_MAX) {
        nextWindow = window;
      } else {
        row(ofGroup, LevelMean.Sums.NONE);
      }
    }
  }

  private void row(UsageGroup ofGroup, LevelMean.Sums sums) {
    int window = nextWindow++;
    BigDecimal integral = LevelMean.integral(level, sums, span.from(window), span.to(window));
    boolean isEmpty = meter.aggregation() == Aggregation.WEIGHTED_UNIQUE_COUNT
        ? integral.signum() == 0
        : sums.events() <= 0 && level.signum() == 0;
    if (isEmpty || rows > UsageStore.ROWS_MAX) {
      return;
    }
    rows++;
    byWindow
        .get(window)
        .add(new UsageRow(
            UsageValue.of(
                meter, integral, LevelMean.nanosBetween(span.from(window), span.to(window))),
            span.start(window),
            span.end(window),
            ofGroup.subject(),
            ofGroup.dimensions()));
  }
}
