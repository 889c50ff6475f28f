package dev.weir.metering.journal;

import java.util.SortedSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of one lane in order, from file to file, and checks that their sequences follow one
 * another. Confined to one thread. Cost: see {@link CycleFile}.
 */
public final class JournalReader implements FrameSource {

  private final int lane;
  private final LaneFiles files;

  /** The newest cycle that may hold flushed frames. */
  private final IntSupplier newestCycle;

  private @Nullable CycleFile file;
  private @Nullable Frame frame;
  private int firstCycle;

  /** -1 after a leap: whatever comes first is taken. */
  private long nextSequence = 1;

  private boolean pushedBack;

  /** Begins at the first frame of the lane. */
  JournalReader(int lane, LaneFiles files, IntSupplier newestCycle) {
    this.lane = lane;
    this.files = files;
    this.newestCycle = newestCycle;
  }

  @Override
  public @Nullable Frame next() {
    if (pushedBack) {
      pushedBack = false;
      return frame;
    }
    Frame found = read();
    if (found == null) {
      return null;
    }
    if (nextSequence >= 0 && found.firstSequence() != nextSequence) {
      throw corrupt("begins at sequence %d, expected %d%s"
          .formatted(found.firstSequence(), nextSequence, gone()));
    }
    nextSequence = found.lastSequence() + 1;
    frame = found;
    return found;
  }

  private String gone() {
    int newest = files.newestGone();
    return newest < 0 ? "" : "; cycles up to %s are gone".formatted(Cycles.name(newest));
  }

  private @Nullable Frame read() {
    CycleFile current = file == null ? openAfter(firstCycle - 1) : file;
    while (current != null) {
      Frame found = nextOf(current);
      if (found != null || newestCycle.getAsInt() <= current.cycle()) {
        return found;
      }
      // There is a later file, so this one is complete: what it did not have a moment ago counts.
      found = nextOf(current);
      if (found != null) {
        return found;
      }
      current = openAfter(current.cycle());
    }
    return null;
  }

  private @Nullable Frame nextOf(CycleFile current) {
    try {
      return current.next();
    } catch (JournalCorrupt e) {
      throw new JournalCorrupt(
          "%s (after sequence %d)".formatted(e.getMessage(), nextSequence - 1));
    }
  }

  /** Goes on to the first cycle after this one; null, and nothing changes, when there is none. */
  private @Nullable CycleFile openAfter(int cycle) {
    SortedSet<Integer> later = files.cycles().tailSet(cycle + 1);
    if (later.isEmpty()) {
      return null;
    }
    close();
    file = files.open(later.first());
    return file;
  }

  /**
   * Goes on with the first frame of this cycle, or of the next one that there is.
   *
   * @param cycle hours since 1970
   */
  public void startAt(int cycle) {
    close();
    nextSequence = -1;
    pushedBack = false;
    firstCycle = cycle;
  }

  @Override
  public long location() {
    CycleFile current = file;
    if (current == null) {
      throw new IllegalStateException("nothing has been read");
    }
    return new FrameLocation(current.cycle(), current.offset()).packed();
  }

  @Override
  public void continueAfter(long packed, long lastSequence) {
    FrameLocation location = FrameLocation.of(packed);
    close();
    CycleFile opened = files.open(location.cycle());
    file = opened;
    opened.seek(location.offset());
    nextSequence = -1;
    Frame last = next();
    while (last != null && location.offset() == 0 && last.lastSequence() < lastSequence) {
      last = next();
    }
    if (last == null || last.lastSequence() != lastSequence) {
      throw corrupt(
          "no frame ends at sequence %d at offset %d".formatted(lastSequence, location.offset()));
    }
  }

  @Override
  public void pushBack() {
    pushedBack = true;
  }

  private JournalCorrupt corrupt(String fault) {
    CycleFile current = file;
    String place = current == null
        ? ""
        : ", cycle %s, offset %d".formatted(Cycles.name(current.cycle()), current.offset());
    return new JournalCorrupt("journal lane %d%s: %s (after sequence %d)"
        .formatted(lane, place, fault, nextSequence - 1));
  }

  @Override
  public void close() {
    CycleFile current = file;
    if (current != null) {
      current.close();
      file = null;
    }
  }
}
