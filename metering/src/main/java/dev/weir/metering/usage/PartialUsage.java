package dev.weir.metering.usage;

import dev.weir.metering.journal.JournalPosition;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What windows say of a query whose range begins or ends within a minute, at one moment, and what is
 * needed of the events to answer it. For one use, by one thread at a time.
 */
public final class PartialUsage {

  private final UsageQuery query;
  private final EdgePlan plan;
  private final WindowSpan span;
  private final boolean knownEmpty;
  private final UsageTotals totals;
  private final JournalPosition position;
  private final SortedSet<String> subjects;

  /**
   * @param span the windows of the answer
   * @param knownEmpty whether an end of the range is open and no window has usage in it: without events
   *     there is then no answer, whatever the level
   */
  PartialUsage(
      UsageQuery query,
      EdgePlan plan,
      WindowSpan span,
      boolean knownEmpty,
      UsageTotals totals,
      JournalPosition position,
      Collection<String> subjects) {
    this.query = query;
    this.plan = plan;
    this.span = span;
    this.knownEmpty = knownEmpty;
    this.totals = totals;
    this.position = position;
    this.subjects = new TreeSet<>(subjects);
  }

  /** A stretch of time. */
  public record Stretch(Instant from, Instant to) {}

  /** The windows hold exactly what lies up to here in the journal. */
  public JournalPosition position() {
    return position;
  }

  /** Whose events are needed. */
  public Set<String> subjects() {
    return subjects;
  }

  /** Events of these times are needed, each of at most a minute. */
  public List<Stretch> missing() {
    return plan.pieces().stream()
        .map(piece -> new Stretch(piece.from(), piece.to()))
        .toList();
  }

  /**
   * Rows in order of window, subject, groups.
   *
   * @param events of each stretch that is missing: what counted from then, folded into windows
   */
  public List<UsageRow> rows(Map<Stretch, List<UsageWindow>> events) {
    Map<EdgePlan.Piece, List<UsageWindow>> pieces = new LinkedHashMap<>();
    for (EdgePlan.Piece piece : plan.pieces()) {
      pieces.put(
          piece,
          events.getOrDefault(new Stretch(piece.from(), piece.to()), List.of()).stream()
              .filter(query::isAskedFor)
              .toList());
    }
    if (knownEmpty && pieces.values().stream().allMatch(List::isEmpty)) {
      return List.of();
    }
    pieces.forEach((piece, windows) -> windows.forEach(window -> {
      move(piece.takenFrom(), window, -1);
      move(piece.addedTo(), window, 1);
    }));
    return totals.rows(span);
  }

  private void move(EdgePlan.Part part, UsageWindow window, int sign) {
    boolean isLevel = query.isLevel();
    boolean byMinute = UsageTotals.isByMinute(query);
    int first = isLevel ? 1 : 0;
    if (part == EdgePlan.Part.AFTER || (part == EdgePlan.Part.BEFORE && !isLevel)) {
      return;
    }
    long of = switch (part) {
      case BEFORE -> 0;
      case FIRST -> byMinute ? window.minute() : first;
      case LAST -> byMinute ? window.minute() : first + span.windows() - 1;
      case AFTER -> throw new IllegalStateException();
    };
    totals.of(totals.group(window), of).add(window, sign);
  }
}
