package dev.weir.metering.detail;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
import dev.weir.metering.aggregate.MeterEvents;
import dev.weir.metering.asof.LiveRecords;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds one page of running totals: goes through time in slices, which get longer where there is little and
 * shorter where there is much, and holds no more than a page of events and the places of a slice's voids.
 * Blocks; for one use on one thread.
 */
final class RunningFold {

  /** A slice with more records is tried again with a shorter one. */
  private static final int SLICE_RECORDS_MAX = 20_000;

  /** A page ends when so many records were read for it; also most records of one nanosecond. */
  private static final long RECORDS_MAX = 1_000_000;

  private static final int SHORTER = 16;

  /** An event that counts, and what for. */
  private record Found(JournaledEvent event, BigDecimal value) {}

  private static final Comparator<Found> ORDER = Comparator.comparingLong(
          (Found found) -> found.event().timeNanos())
      .thenComparingInt(found -> found.event().lane())
      .thenComparingLong(found -> found.event().sequence());

  private static final class SliceTooFull extends RuntimeException {
    SliceTooFull() {
      super("more records than a slice should have", null, false, false);
    }
  }

  private final JournalRecords records;
  private final ActiveMeter active;
  private final RunningTotalQuery query;
  private final JournalPosition position;
  private final RunningTotalCursor begin;
  private final MeterEvents events;
  private final List<RunningTotal> totals = new ArrayList<>();

  private long at;
  private final long end;
  private long step = EventTime.NANOS_PER_SECOND;
  private long read;
  private BigDecimal sum;
  private @Nullable RunningTotalCursor last;
  private boolean reached;
  private boolean full;

  RunningFold(
      JournalRecords records,
      ActiveMeter active,
      RunningTotalQuery query,
      JournalPosition position) {
    this.records = records;
    this.active = active;
    this.query = query;
    this.position = position;
    this.events = new MeterEvents(active.meter());
    UsageQuery range = query.events();
    long from = range.from() == null ? 0 : Math.max(0, LiveRecords.nanos(range.from()));
    RunningTotalCursor cursor = query.cursor();
    begin = cursor == null ? cursor(from, 0, 0, BigDecimal.ZERO) : cursor;
    at = Math.max(from, begin.timeNanos());
    end =
        range.to() == null ? EventTime.END : Math.min(EventTime.END, LiveRecords.nanos(range.to()));
    sum = begin.sum();
  }

  private RunningTotalCursor cursor(long time, int lane, long sequence, BigDecimal upTo) {
    return new RunningTotalCursor(time, lane, sequence, upTo, position, query.fingerprint());
  }

  RunningTotalPage page() {
    while (at < end && !full && !reached && read < RECORDS_MAX) {
      slice(end - at <= step ? end : at + step);
    }
    RunningTotalCursor next = null;
    if (full) {
      next = last;
    } else if (at < end && !reached) {
      next = cursor(at, 0, 0, sum);
    }
    return new RunningTotalPage(query, totals, reached, position, next);
  }

  private void slice(long to) {
    LiveRecords live = records.live(
        active,
        position,
        step == 1 ? RECORDS_MAX : SLICE_RECORDS_MAX,
        step == 1 ? RunningFold::tooMany : SliceTooFull::new);
    // One more than there is room for tells that the page is full.
    int room = query.limit() - totals.size() + 1;
    NavigableSet<Found> first = new TreeSet<>(ORDER);
    try {
      for (String subject : query.events().subjects()) {
        live.visit(subject, at, to, event -> offer(first, room, event));
      }
    } catch (SliceTooFull e) {
      step = Math.max(1, step / SHORTER);
      return;
    } finally {
      read += live.read();
    }
    first.forEach(this::add);
    if (live.read() < SLICE_RECORDS_MAX / 4 && step < end / 2) {
      step *= 2;
    }
    at = to;
  }

  private void offer(NavigableSet<Found> first, int room, JournaledEvent event) {
    if (!begin.isBefore(event.timeNanos(), event.lane(), event.sequence())) {
      return;
    }
    MeterEvents.Counted counted = events.read(event);
    if (counted != null && isWanted(counted)) {
      first.add(new Found(event, counted.value()));
      if (first.size() > room) {
        first.pollLast();
      }
    }
  }

  private boolean isWanted(MeterEvents.Counted event) {
    return query.events().filterGroupBy().entrySet().stream()
        .allMatch(filter -> filter.getValue().contains(event.groups().get(filter.getKey())));
  }

  private void add(Found found) {
    if (reached || totals.size() == query.limit()) {
      full = !reached;
      return;
    }
    JournaledEvent event = found.event();
    sum = sum.add(found.value());
    Quantity total = UsageValue.of(active.meter(), sum);
    totals.add(new RunningTotal(
        event.id(),
        event.source(),
        event.subject(),
        EventTime.instant(event.timeNanos()),
        event.position(),
        new Quantity(found.value()),
        total));
    last = cursor(event.timeNanos(), event.lane(), event.sequence(), sum);
    reached = query.until() != null && total.compareTo(query.until()) > 0;
  }

  private static Refusal tooMany() {
    return new Refusal(
        MeteringError.USAGE_EVENTS_TOO_MANY,
        "subject",
        "More than %d events have the same time; ask for fewer subjects.".formatted(RECORDS_MAX));
  }
}
