package dev.weir.metering.detail;

import dev.weir.metering.journal.JournalPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Running totals in the order of event time, then of the journal.
 *
 * @param reached whether the last of them is the first whose total is greater than what was asked for
 * @param position what lies after it in the journal does not count, here and on the pages that follow
 * @param next null when there are no more; a page that took long to find may be short, or empty, and have
 *     one all the same
 */
public record RunningTotalPage(
    RunningTotalQuery query,
    List<RunningTotal> totals,
    boolean reached,
    JournalPosition position,
    @Nullable RunningTotalCursor next) {

  public RunningTotalPage {
    totals = List.copyOf(totals);
  }
}
