package dev.weir.metering.explorer;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events as they are journaled, for those who watch. A watcher who reads too slowly loses events, and is
 * told how many; nobody else waits for it. Thread-safe.
 */
public final class EventFeed {

  /** Events that may wait for one watcher. */
  public static final int QUEUED_MAX = 1_000;

  /** Bytes of data that may wait for one watcher. */
  static final int QUEUED_BYTES_MAX = 1 << 20;

  private final int watchersMax;
  private final Supplier<JournalPosition> flushed;
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private boolean closed;

  EventFeed(int watchersMax, Supplier<JournalPosition> flushed) {
    this.watchersMax = watchersMax;
    this.flushed = flushed;
  }

  /** Ends every watch and refuses further ones, as the process is about to stop. */
  public synchronized void close() {
    closed = true;
    watches.forEach(Watch::end);
    watches.clear();
  }

  /**
   * Watches events that are journaled from now on; refuses with EVENTS_STREAMS_TOO_MANY.
   *
   * @param filter the range of received times does not matter; a verdict is what holds when the event
   *     arrives, or, for voided and replaced, when it is taken back
   * @param onReady told on the index's thread that there is something to take, once until it is taken
   * @param onEnd told that nothing will follow
   */
  public Watch watch(EventFilter filter, Runnable onReady, Runnable onEnd) {
    Watch watch = new Watch(filter, flushed.get(), onReady, onEnd);
    synchronized (this) {
      if (closed || watches.size() >= watchersMax) {
        throw new Refusal(
            MeteringError.EVENTS_STREAMS_TOO_MANY,
            closed
                ? "No more live streams: this process is about to stop."
                : "There are %d live streams already; close one, or list events instead."
                    .formatted(watches.size()));
      }
      watches.add(watch);
    }
    return watch;
  }

  /** Watchers now. */
  public int watchers() {
    return watches.size();
  }

  /** What is to be told of frames. */
  LaneTail.FrameListener listener() {
    return new LaneTail.FrameListener() {
      @Override
      public void indexed(Frame frame) {
        EventFeed.this.indexed(frame);
      }

      @Override
      public boolean isWaiting() {
        return !watches.isEmpty();
      }
    };
  }

  /** Shows a frame to all watchers; called on the index's thread. */
  void indexed(Frame frame) {
    if (watches.isEmpty()) {
      return;
    }
    Lookahead records = new Lookahead(frame.lane());
    frame.forEach(records::next);
    records.end();
  }

  /**
   * Holds a void back until the record after it is known, which tells whether something takes the place
   * of what is voided.
   */
  private final class Lookahead {
    private final int lane;
    private @Nullable JournaledEvent heldVoid;

    Lookahead(int lane) {
      this.lane = lane;
    }

    void next(Frame.RecordView record) {
      JournaledEvent held = heldVoid;
      if (held != null) {
        boolean replaced = record.isReplacement()
            && record.id().equals(held.id())
            && record.source().equals(held.source());
        giveVoid(held, replaced ? EventVerdict.REPLACED : EventVerdict.VOIDED);
      }
      if (record.isVoid()) {
        heldVoid = isWatched(record) ? record.copy(lane) : null;
      } else {
        give(record);
      }
    }

    /** Every watcher must see the void, as each notes by itself whether it wants it. */
    private boolean isWatched(Frame.RecordView record) {
      boolean watched = false;
      for (Watch watch : watches) {
        watched |= watch.wants(lane, record);
      }
      return watched;
    }

    private void give(Frame.RecordView record) {
      FoundEvent event = null;
      for (Watch watch : watches) {
        if (watch.wants(lane, record)) {
          EventVerdict verdict =
              record.isConflict() ? EventVerdict.CONFLICT : EventVerdict.ACCEPTED;
          event = event == null ? new FoundEvent(record.copy(lane), verdict) : event;
          watch.offer(event);
        }
      }
    }

    private void giveVoid(JournaledEvent voiding, EventVerdict verdict) {
      heldVoid = null;
      FoundEvent event = new FoundEvent(voiding, verdict);
      watches.stream()
          .filter(watch -> watch.wantedVoid == voiding.sequence())
          .forEach(watch -> watch.offer(event));
    }

    void end() {
      JournaledEvent held = heldVoid;
      if (held != null) {
        giveVoid(held, EventVerdict.VOIDED);
      }
    }
  }

  /**
   * What to give a watcher next.
   *
   * @param dropped how many events were lost behind these
   */
  public record Batch(List<FoundEvent> events, long dropped) {}

  /** What one watcher is to be given. */
  public final class Watch implements AutoCloseable {
    private final EventFilter filter;
    private final JournalPosition from;
    private final Runnable onReady;
    private final Runnable onEnd;
    private final ArrayDeque<FoundEvent> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long dropped;
    private boolean told;

    /** The void that passed the filter last; touched by the index's thread only. */
    private long wantedVoid = -1;

    private Watch(EventFilter filter, JournalPosition from, Runnable onReady, Runnable onEnd) {
      this.filter = filter;
      this.from = from;
      this.onReady = onReady;
      this.onEnd = onEnd;
    }

    private boolean wants(int lane, Frame.RecordView record) {
      boolean wanted = record.sequence() > from.sequence(lane) && filter.matches(record);
      if (wanted && record.isVoid()) {
        wantedVoid = record.sequence();
      }
      return wanted;
    }

    private void offer(FoundEvent event) {
      if (filter.verdict() != null && filter.verdict() != event.verdict()) {
        return;
      }
      int bytes = event.event().data().length();
      boolean tell;
      synchronized (queue) {
        boolean fits = queue.isEmpty()
            || (queue.size() < QUEUED_MAX && queuedBytes + bytes <= QUEUED_BYTES_MAX);
        if (fits) {
          queue.add(event);
          queuedBytes += bytes;
        } else {
          dropped++;
        }
        tell = !told;
        told = true;
      }
      if (tell) {
        onReady.run();
      }
    }

    /** What lies after this is given. */
    public JournalPosition from() {
      return from;
    }

    /** Takes what waits; {@code onReady} will be called when there is more. */
    public Batch take() {
      synchronized (queue) {
        Batch batch = new Batch(new ArrayList<>(queue), dropped);
        queue.clear();
        queuedBytes = 0;
        dropped = 0;
        told = false;
        return batch;
      }
    }

    private void end() {
      onEnd.run();
    }

    /** Watches no more. */
    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
