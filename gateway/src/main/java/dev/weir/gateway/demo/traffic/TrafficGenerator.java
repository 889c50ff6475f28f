package dev.weir.gateway.demo.traffic;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.EventBatch;

/**
 * Writes a month of traffic into batches: every distinct event once, and between them copies of the
 * same bytes, conflicting copies, and faulty events. The order and the bytes depend only on seed,
 * number of events, batch size and format. Constant memory; one thread at a time.
 *
 * <p>After the n-th distinct event comes a duplicate when n is a multiple of 50: a third each of the
 * event just sent, of one sent up to a few requests before, and of any earlier one. Conflicts and
 * faulty events are spread evenly.
 */
final class TrafficGenerator {

  private static final int DUPLICATE_EVERY = 50;
  private static final int SOON_EVENTS = 3_000;
  private static final int CONFLICTS_MAX = 36;
  private static final int FAULTY_MAX = 48;
  private static final long PICK_SPREAD = 0xBF58476D1CE4E5B9L;

  private final long seed;
  private final long events;
  private final int batchEvents;
  private final BodyFormat format;
  private final TrafficEvent event;
  private final ExpectedTotals totals = new ExpectedTotals();

  /** Distinct events written so far; the extras due after the last of them come next. */
  private long written;

  private long faultyWritten;
  private boolean duplicateDue;
  private boolean conflictDue;
  private boolean faultyDue;
  private long firstOfBatch;

  /**
   * @param events distinct events, up to 10^9
   * @param batchEvents events in each request but the last
   */
  TrafficGenerator(long seed, long events, int batchEvents, BodyFormat format) {
    this.seed = seed;
    this.events = events;
    this.batchEvents = batchEvents;
    this.format = format;
    this.event = new TrafficEvent(seed, events, new TrafficCalendar(), new TrafficMix());
  }

  /** What a perfect server would answer; complete once {@link #fill} has returned false. */
  ExpectedTotals totals() {
    return totals;
  }

  long eventsToSend() {
    return events + events / DUPLICATE_EVERY + conflicts() + faulty();
  }

  private long conflicts() {
    return Math.min(CONFLICTS_MAX, events);
  }

  private long faulty() {
    return Math.min(FAULTY_MAX, events);
  }

  /** Fills a cleared batch; false when everything has been written. */
  boolean fill(EventBatch batch) {
    firstOfBatch = written;
    while (batch.events() < batchEvents && hasNext()) {
      format.beforeEvent(batch);
      next(batch);
      batch.countEvent();
    }
    if (batch.events() == 0) {
      return false;
    }
    format.end(batch);
    return true;
  }

  private boolean hasNext() {
    return duplicateDue || conflictDue || faultyDue || written < events;
  }

  private void next(EventBatch batch) {
    if (duplicateDue) {
      duplicateDue = false;
      event.select(duplicateOf()).write(batch.body());
      totals.addDuplicate();
    } else if (conflictDue) {
      conflictDue = false;
      conflict(batch);
    } else if (faultyDue) {
      faultyDue = false;
      FaultyEvents.write(batch.body(), faultyWritten++, format);
      totals.addRejected();
    } else {
      distinct(batch);
    }
  }

  private void distinct(EventBatch batch) {
    event.select(written).write(batch.body());
    totals.add(event);
    written++;
    duplicateDue = written % DUPLICATE_EVERY == 0;
    conflictDue = isDue(conflicts());
    faultyDue = isDue(faulty());
  }

  /** Spreads {@code count} extras evenly over the distinct events. */
  private boolean isDue(long count) {
    return written * count / events > (written - 1) * count / events;
  }

  private long duplicateOf() {
    long last = written - 1;
    long pick = (written * PICK_SPREAD + seed) >>> 8;
    return switch ((int) (written / DUPLICATE_EVERY % 3)) {
      case 0 -> last;
      case 1 -> last - pick % Math.min(SOON_EVENTS, written);
      default -> pick % written;
    };
  }

  /** Half contradict the event just sent, half any earlier one. */
  private void conflict(EventBatch batch) {
    long pick = (written * PICK_SPREAD + ~seed) >>> 8;
    long original = (pick & 1) == 0 ? written - 1 : (pick >>> 1) % written;
    if (original < firstOfBatch) {
      batch.sendAfterAllEarlier();
    }
    event.select(original).writeConflicting(batch.body());
    totals.addConflict();
  }
}
