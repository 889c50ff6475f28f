package dev.weir.metering.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a range that begins or ends within a minute is answered: by windows from one whole minute to another,
 * and by the events of what these have too much or too little. Of the minute that an end cuts, the shorter
 * part is read, unless the aggregation cannot take events back; the part that lies ahead of now counts as
 * empty, so that a question up to now reads next to nothing. What is chosen changes the cost, never the
 * answer. Pure.
 *
 * @param windowsFrom where the windows begin; null for all time before
 * @param windowsTo where the windows end; null for all time after; not before their beginning
 * @param pieces what the events are needed of
 */
record EdgePlan(@Nullable Instant windowsFrom, @Nullable Instant windowsTo, List<Piece> pieces) {

  /** A part of all time, as windows are added up by it. */
  enum Part {
    /** Before the range: counts for levels only. */
    BEFORE,
    /** The range's first window. */
    FIRST,
    /** The range's last window. */
    LAST,
    /** After the range: counts for nothing. */
    AFTER
  }

  /**
   * Events that the windows have in a wrong part.
   *
   * @param from inclusive
   * @param to exclusive; in the same minute or at its end
   * @param takenFrom where they are
   * @param addedTo where they belong
   */
  record Piece(Instant from, Instant to, Part takenFrom, Part addedTo) {

    /** The minute that it is cut from. */
    Instant minute() {
      return floor(from);
    }

    boolean holds(Instant time) {
      return !time.isBefore(from) && time.isBefore(to);
    }
  }

  EdgePlan {
    pieces = List.copyOf(pieces);
  }

  /**
   * @param now nothing much has happened later; decides about the cost only
   */
  static EdgePlan of(UsageQuery query, Instant now) {
    Edges edges = new Edges(query, now);
    Instant from = query.from();
    Instant to = query.to();
    return from != null
            && to != null
            && !UsageQuery.isOnMinute(from)
            && edges.byDay == null
            && floor(from).equals(floor(to))
        ? edges.withinOneMinute(from, to)
        : edges.apart(from, to);
  }

  /** The start of the minute that the one end of the range lies in that is given. */
  static Instant minuteOf(@Nullable Instant end) {
    if (end == null) {
      throw new IllegalStateException("no end lies within a minute");
    }
    return floor(end);
  }

  private static Instant floor(Instant time) {
    return time.truncatedTo(ChronoUnit.MINUTES);
  }

  private static Instant ceiling(Instant time) {
    return UsageQuery.isOnMinute(time) ? time : floor(time).plus(1, ChronoUnit.MINUTES);
  }

  /** The ends of one query. */
  private static final class Edges {
    private final UsageQuery query;
    private final Instant now;
    private final @Nullable ZoneId byDay;
    private final List<Piece> pieces = new ArrayList<>();

    Edges(UsageQuery query, Instant now) {
      this.query = query;
      this.now = now;
      this.byDay = query.meter().options().weightingZone();
    }

    /** No window helps; a level needs what lies in the minute before the range as well. */
    EdgePlan withinOneMinute(Instant from, Instant to) {
      if (query.isLevel()) {
        add(floor(from), from, Part.AFTER, Part.BEFORE);
      }
      add(from, to, Part.AFTER, Part.FIRST);
      return new EdgePlan(floor(from), floor(from), pieces);
    }

    EdgePlan apart(@Nullable Instant from, @Nullable Instant to) {
      return new EdgePlan(
          from == null ? null : windowsFrom(from), to == null ? null : windowsTo(to), pieces);
    }

    private Instant windowsFrom(Instant from) {
      Instant floor = floor(from);
      Instant ceiling = ceiling(from);
      boolean takesBack = byDay == null
          && mayTakeBack(query.to())
          && length(floor, from).compareTo(length(from, ceiling)) < 0;
      if (takesBack) {
        add(floor, from, Part.FIRST, Part.BEFORE);
        return floor;
      }
      add(from, ceiling, Part.BEFORE, Part.FIRST);
      return ceiling;
    }

    private Instant windowsTo(Instant to) {
      Instant floor = floor(to);
      Instant ceiling = ceiling(to);
      boolean takesBack = byDay != null
          || (mayTakeBack(query.from()) && length(to, ceiling).compareTo(length(floor, to)) < 0);
      if (takesBack) {
        add(to, ceiling, Part.LAST, Part.AFTER);
        return ceiling;
      }
      add(floor, to, Part.AFTER, Part.LAST);
      return floor;
    }

    /** Where the other end is open, it must not follow from a minute with nothing in the range. */
    private boolean mayTakeBack(@Nullable Instant otherEnd) {
      return otherEnd != null && !query.meter().aggregation().keepsExtremes();
    }

    private Duration length(Instant from, Instant to) {
      Instant begun = now.isBefore(from) ? from : now;
      return Duration.between(from, begun.isBefore(to) ? begun : to);
    }

    private void add(Instant from, Instant to, Part takenFrom, Part addedTo) {
      if (from.isBefore(to) && mayCount(from, to)) {
        pieces.add(new Piece(from, to, takenFrom, addedTo));
      }
    }

    /** What counts by days does so from where a day begins: mostly there is none in a piece. */
    private boolean mayCount(Instant from, Instant to) {
      return byDay == null
          || !to.minusNanos(1)
              .atZone(byDay)
              .toLocalDate()
              .atStartOfDay(byDay)
              .toInstant()
              .isBefore(from);
    }
  }
}
