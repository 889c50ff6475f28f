package dev.weir.metering.detail;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.JournalPosition;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of running totals ended: after an event, in the order of event time, then lane and
 * sequence. All pages are of one moment. Clients should not read anything into the printed form.
 *
 * @param sum of all values up to there, exact
 * @param position what lies after it in the journal does not count
 * @param question see {@link RunningTotalQuery#fingerprint}
 */
public record RunningTotalCursor(
    long timeNanos,
    int lane,
    long sequence,
    BigDecimal sum,
    JournalPosition position,
    String question) {

  private static final Pattern FORM = Pattern.compile(
      "([0-9]{1,19})\\.([0-9]{1,2})\\.([0-9]{1,18})~(-?[0-9]{1,80}(?:\\.[0-9]{1,18})?)~([0-9:,]{0,1500})"
          + "~([0-9a-f]{1,8})");

  /** Reads the printed form; refuses with USAGE_CURSOR_INVALID. */
  public static RunningTotalCursor parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw invalid();
    }
    try {
      return new RunningTotalCursor(
          Long.parseLong(matcher.group(1)),
          Integer.parseInt(matcher.group(2)),
          Long.parseLong(matcher.group(3)),
          new BigDecimal(matcher.group(4)),
          JournalPosition.parse(matcher.group(5), "cursor"),
          matcher.group(6));
    } catch (Refusal | NumberFormatException e) {
      throw invalid();
    }
  }

  static Refusal invalid() {
    return new Refusal(
        MeteringError.USAGE_CURSOR_INVALID,
        "cursor",
        "'cursor' must be the 'next' of the page before, with the same meter, subjects, range and"
            + " dimensions.");
  }

  /** Whether an event comes after this. */
  boolean isBefore(long time, int ofLane, long ofSequence) {
    if (time != timeNanos) {
      return time > timeNanos;
    }
    return ofLane == lane ? ofSequence > sequence : ofLane > lane;
  }

  @Override
  public String toString() {
    return timeNanos + "." + lane + "." + sequence + "~" + sum.toPlainString() + "~" + position
        + "~" + question;
  }
}
