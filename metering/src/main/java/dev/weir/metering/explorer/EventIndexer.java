package dev.weir.metering.explorer;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.scheduling.BackgroundThread;
import dev.weir.metering.scheduling.LaneArrears;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two threads of the index: one follows the lanes and gathers, the other fills gaps and merges runs.
 * A failure to write runs is tried again for as long as it takes; ingest never waits for the index.
 */
final class EventIndexer {

  private static final Logger LOG = LoggerFactory.getLogger(EventIndexer.class);

  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long KEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int FRAMES_AT_ONCE = 64;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** By how much new entries may be late before the index is given more of the processor. */
  private static final long BEHIND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** How long who waits for the index may go on to, once it has been told to stop. */
  private static final long STOP_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final List<LaneIndex> lanes = new ArrayList<>();
  private final List<LaneTail> tails = new ArrayList<>();
  private final IntToLongFunction flushed;
  private final RunKeeper keeper;
  private final LaneTail.FrameListener listener;
  private final AtomicInteger waiting = new AtomicInteger();
  private final LaneArrears arrears = new LaneArrears(System::nanoTime, BEHIND_NANOS);
  private final Thread tailThread =
      BackgroundThread.of(this::followLanes, "weir-event-index", this::isBehind);
  private final Thread keeperThread =
      BackgroundThread.of(this::keepRuns, "weir-event-runs", this::hasMuchToKeep);

  private volatile boolean loaded;
  /** Set before {@code stopping}. */
  private volatile long toldToStopAt;

  private volatile boolean stopping;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  /**
   * Prepares the index of some lanes; nothing is read before {@link #start}.
   *
   * @param keys the identity key of a tenant
   * @param flushed the last sequence of a lane on stable storage
   * @param recordsMax records gathered in all lanes together before runs are written
   * @param listener told of every frame, on the index's thread
   */
  EventIndexer(
      Collection<JournalLane> journal,
      Function<UUID, IdentityKey> keys,
      IntToLongFunction flushed,
      int recordsMax,
      LaneTail.FrameListener listener) {
    this.flushed = flushed;
    this.listener = listener;
    int ofLane = Math.max(1, recordsMax / Math.max(1, journal.size()));
    FrameIndexing indexing = new FrameIndexing(keys);
    for (JournalLane lane : journal) {
      LaneIndex index = new LaneIndex(lane);
      lanes.add(index);
      tails.add(new LaneTail(
          lane, index, indexing, () -> flushed.applyAsLong(lane.number()), ofLane, listener));
    }
    keeper = new RunKeeper(lanes, new FrameIndexing(keys), ofLane, () -> stopping);
  }

  void start() {
    tailThread.start();
    keeperThread.start();
  }

  private void followLanes() {
    try {
      tails.forEach(LaneTail::start);
      loaded = true;
      List<LaneTail> following = new ArrayList<>(tails);
      while (!ended) {
        boolean progressed = false;
        for (LaneTail tail : List.copyOf(following)) {
          progressed |= advance(tail, following);
        }
        if (!progressed) {
          LockSupport.parkNanos(IDLE_NANOS);
        }
      }
    } catch (Throwable e) {
      LOG.error("the event index stops for good", e);
      failure = e;
    } finally {
      loaded = true;
      tails.forEach(EventIndexer::close);
    }
  }

  private boolean advance(LaneTail tail, List<LaneTail> following) {
    try {
      return tail.advance(FRAMES_AT_ONCE);
    } catch (JournalCorrupt e) {
      LOG.error("a lane is not indexed any further", e);
      failure = e;
      following.remove(tail);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("an index run could not be written, which is tried again: {}", e.toString());
      LockSupport.parkNanos(RETRY_NANOS);
    }
    return false;
  }

  private static void close(LaneTail tail) {
    try {
      tail.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the end of a lane will be indexed again: {}", e.toString());
    }
  }

  private boolean isBehind() {
    boolean behind = !loaded || stopping || waiting.get() > 0 || listener.isWaiting();
    for (LaneIndex index : lanes) {
      LaneView view = index.view();
      behind |= arrears.late(view.lane(), flushed.applyAsLong(view.lane()), view.lastSequence());
    }
    return behind;
  }

  private boolean hasMuchToKeep() {
    return keeper.isLate() || stopping;
  }

  private void keepRuns() {
    long refreshed = System.nanoTime();
    long seen = -1;
    while (!stopping) {
      try {
        long changes = lanes.stream().mapToLong(LaneIndex::changes).sum();
        if (loaded && changes != seen) {
          seen = keeper.step() ? -1 : changes;
        } else {
          LockSupport.parkNanos(KEEP_NANOS);
        }
        if (loaded && System.nanoTime() - refreshed > REFRESH_NANOS) {
          refresh();
          refreshed = System.nanoTime();
        }
      } catch (RuntimeException e) {
        LOG.error("index runs could not be looked after, which is tried again", e);
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /** Looks which cycles there are. */
  void refresh() {
    lanes.forEach(LaneIndex::refresh);
  }

  List<LaneView> views() {
    return lanes.stream().map(LaneIndex::view).toList();
  }

  LaneIndex lane(int number) {
    return lanes.stream()
        .filter(lane -> lane.lane() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no lane " + number));
  }

  /** Lets a run be built again that did not read back. */
  void report(RunDamaged damage) {
    for (LaneIndex lane : lanes) {
      if (lane.drop(damage.run())) {
        LOG.warn("an index run is built again: {}", damage.getMessage());
      }
    }
  }

  /**
   * Waits until everything is indexed up to a position.
   *
   * @return false when it was not by that time
   */
  boolean await(JournalPosition position, long untilNanos) throws InterruptedException {
    waiting.incrementAndGet();
    try {
      return isIndexed(position, untilNanos);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private boolean isIndexed(JournalPosition position, long untilNanos) throws InterruptedException {
    for (LaneIndex lane : lanes) {
      LaneView view = lane.view();
      while (!covers(view, position)) {
        long now = System.nanoTime();
        if (now - untilNanos >= 0 || isStoppedFor(now, STOP_WAIT_NANOS)) {
          return false;
        }
        lane.awaitChange(view, now + Math.min(untilNanos - now, LOOK_AGAIN_NANOS));
        view = lane.view();
      }
    }
    return true;
  }

  private boolean isStoppedFor(long now, long nanos) {
    return stopping && now - toldToStopAt >= nanos;
  }

  private static boolean covers(LaneView view, JournalPosition position) {
    return view.lastSequence() >= position.sequence(view.lane()) && view.gaps().isEmpty();
  }

  /** How far each lane is indexed, gaps aside. */
  JournalPosition indexedTo() {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    for (LaneView view : views()) {
      if (view.lastSequence() > 0) {
        sequences.put(view.lane(), view.lastSequence());
      }
    }
    return new JournalPosition(sequences);
  }

  /** What is not indexed yet, in words; empty when everything is. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (LaneView view : views()) {
      view.gaps().forEach(gap -> missing.add("lane %d: %s".formatted(view.lane(), gap)));
      long last = flushed.applyAsLong(view.lane());
      if (view.lastSequence() < last) {
        missing.add(
            "lane %d: records %d to %d".formatted(view.lane(), view.lastSequence() + 1, last));
      }
    }
    return missing;
  }

  /** Journaled records that have no entry yet, as far as they can be counted: those of gaps are not. */
  long lag() {
    return lanes.stream()
        .mapToLong(
            lane -> Math.max(0, flushed.applyAsLong(lane.lane()) - lane.view().lastSequence()))
        .sum();
  }

  LaneIndex.Size size() {
    return lanes.stream()
        .map(LaneIndex::size)
        .reduce(new LaneIndex.Size(0, 0, 0), LaneIndex.Size::plus);
  }

  @Nullable
  Throwable failure() {
    return failure;
  }

  /**
   * Leaves off filling gaps and merging. What is flushed is indexed until {@link #stop}, for those who
   * must write by it what they have; but nobody waits long for it any more.
   */
  void tellToStop() {
    if (!stopping) {
      toldToStopAt = System.nanoTime();
      stopping = true;
    }
  }

  /** Writes what is gathered and ends the threads. Blocks. */
  void stop() throws InterruptedException {
    tellToStop();
    ended = true;
    tailThread.join();
    keeperThread.join();
  }
}
