package dev.weir.metering.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which windows of which grain answer for a stretch of time: whole days as far as there are days, then
 * whole hours, and minutes for the rest. Together they tile the time asked for, without overlap.
 */
final class GrainRanges {

  /**
   * A half-open stretch of time.
   *
   * @param from null for all time before
   * @param to null for all time after
   */
  record Range(@Nullable Instant from, @Nullable Instant to) {}

  private final RollupState state;
  private final List<Range> minutes = new ArrayList<>();
  private final List<Range> hours = new ArrayList<>();
  private final List<Range> days = new ArrayList<>();

  private GrainRanges(RollupState state) {
    this.state = state;
  }

  /** Minutes only, from one instant to another. */
  static GrainRanges minutes(RollupState state, @Nullable Instant from, @Nullable Instant to) {
    GrainRanges ranges = new GrainRanges(state);
    if (from == null || to == null || from.isBefore(to)) {
      ranges.add(Grain.MINUTE, from, to);
    }
    return ranges;
  }

  /** Hours only, from the start of one to that of another. */
  static GrainRanges hours(RollupState state, Instant from, Instant to) {
    GrainRanges ranges = new GrainRanges(state);
    ranges.add(Grain.HOUR, from, to);
    return ranges;
  }

  /** The cheapest windows for one stretch, of which only the whole is asked for. */
  static GrainRanges whole(RollupState state, @Nullable Instant from, @Nullable Instant to) {
    GrainRanges ranges = new GrainRanges(state);
    ranges.lay(from, to);
    return ranges;
  }

  /**
   * The cheapest windows such that none lies across a cut.
   *
   * @param withBefore whether all time before the first cut is asked for as well
   */
  static GrainRanges between(RollupState state, List<Instant> cuts, boolean withBefore) {
    GrainRanges ranges = new GrainRanges(state);
    if (withBefore) {
      ranges.lay(null, cuts.get(0));
    }
    for (int i = 0; i + 1 < cuts.size(); i++) {
      if (cuts.get(i).isBefore(cuts.get(i + 1))) {
        ranges.lay(cuts.get(i), cuts.get(i + 1));
      }
    }
    return ranges;
  }

  /** The windows that hold these minutes: themselves, or their hours where they are not kept. */
  static GrainRanges holding(RollupState state, List<Instant> ascendingMinutes) {
    GrainRanges ranges = new GrainRanges(state);
    for (Instant minute : ascendingMinutes) {
      Grain grain = minute.isBefore(state.minutesFrom()) ? Grain.HOUR : Grain.MINUTE;
      Instant start = floor(grain, minute);
      ranges.add(grain, start, start.plusSeconds(grain.minutes() * 60L));
    }
    return ranges;
  }

  boolean isEmpty() {
    return minutes.isEmpty() && hours.isEmpty() && days.isEmpty();
  }

  List<Range> of(Grain grain) {
    return switch (grain) {
      case MINUTE -> minutes;
      case HOUR -> hours;
      case DAY -> days;
    };
  }

  /** The start of the first minutes that are asked for but no longer kept; null when there are none. */
  @Nullable
  Instant missing() {
    if (minutes.isEmpty()) {
      return null;
    }
    Instant from = minutes.get(0).from();
    Instant to = minutes.get(0).to();
    Instant first = from == null || from.isBefore(Grain.FIRST) ? Grain.FIRST : from;
    return first.isBefore(state.minutesFrom()) && (to == null || first.isBefore(to)) ? first : null;
  }

  private void lay(@Nullable Instant from, @Nullable Instant to) {
    layBy(Grain.DAY, from, to);
  }

  private void layBy(Grain grain, @Nullable Instant from, @Nullable Instant to) {
    Instant keptTo = grain == Grain.DAY ? state.daysTo() : state.hoursTo();
    Instant wholeFrom = from == null ? null : ceiling(grain, from);
    Instant wholeTo = floor(grain, to == null || keptTo.isBefore(to) ? keptTo : to);
    boolean none = wholeFrom == null ? !wholeTo.isAfter(Grain.FIRST) : !wholeFrom.isBefore(wholeTo);
    if (none) {
      layFiner(grain, from, to);
      return;
    }
    if (from != null && wholeFrom != null && from.isBefore(wholeFrom)) {
      layFiner(grain, from, wholeFrom);
    }
    add(grain, wholeFrom, wholeTo);
    if (to == null || wholeTo.isBefore(to)) {
      layFiner(grain, wholeTo, to);
    }
  }

  private void layFiner(Grain grain, @Nullable Instant from, @Nullable Instant to) {
    if (grain == Grain.DAY) {
      layBy(Grain.HOUR, from, to);
    } else {
      add(Grain.MINUTE, from, to);
    }
  }

  /** Adds a range behind the others; joins it to the last one where they touch. */
  private void add(Grain grain, @Nullable Instant from, @Nullable Instant to) {
    List<Range> of = of(grain);
    Range last = of.isEmpty() ? null : of.get(of.size() - 1);
    if (last != null && from != null && from.equals(last.to())) {
      of.set(of.size() - 1, new Range(last.from(), to));
    } else {
      of.add(new Range(from, to));
    }
  }

  private static Instant floor(Grain grain, Instant time) {
    long minute = Math.floorDiv(time.getEpochSecond(), 60);
    return Instant.ofEpochSecond(grain.start(minute) * 60);
  }

  private static Instant ceiling(Grain grain, Instant time) {
    Instant floor = floor(grain, time);
    return floor.equals(time) ? floor : floor.plusSeconds(grain.minutes() * 60L);
  }
}
