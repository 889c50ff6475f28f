package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Page;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.explorer.run.Searchable;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.LaneFiles;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of the journal by their places, each frame once. Confined to one thread.
 *
 * <p>Cost: a look-up of some 30 µs, then a read and a checksum of the whole frame.
 */
final class RecordReader implements AutoCloseable {

  private final Map<Integer, LaneView> views;
  private final IntFunction<LaneFiles> files;
  private @Nullable CycleFile open;
  private int openLane;

  /**
   * @param views of the lanes, by number
   */
  RecordReader(Map<Integer, LaneView> views, IntFunction<LaneFiles> files) {
    this.views = Map.copyOf(views);
    this.files = files;
  }

  /** Receives a record; the view is valid during the call only. */
  @FunctionalInterface
  interface Visitor {

    /** Gives whether to go on. */
    boolean record(RecordPlace place, Frame.RecordView record);
  }

  /**
   * Shows the records at these places, in the order of the places; those that have no entry are left
   * out.
   *
   * @return whether the visitor wanted all of them
   */
  boolean read(SortedSet<RecordPlace> places, Visitor visitor) {
    SortedSet<RecordPlace> rest = places;
    while (!rest.isEmpty()) {
      RecordPlace first = rest.first();
      Frame frame = frameWith(first);
      long last = frame == null ? first.sequence() : frame.lastSequence();
      RecordPlace next = new RecordPlace(first.lane(), last + 1);
      if (frame != null && !show(frame, rest.headSet(next), visitor)) {
        return false;
      }
      rest = rest.tailSet(next);
    }
    return true;
  }

  private static boolean show(Frame frame, SortedSet<RecordPlace> places, Visitor visitor) {
    TreeSet<RecordPlace> wanted = new TreeSet<>(places);
    boolean[] goOn = {true};
    frame.forEach(record -> {
      if (goOn[0] && !wanted.isEmpty() && wanted.first().sequence() == record.sequence()) {
        goOn[0] = visitor.record(wanted.first(), record);
        wanted.pollFirst();
      }
    });
    return goOn[0];
  }

  private @Nullable Frame frameWith(RecordPlace place) {
    LaneView view = views.get(place.lane());
    Searchable part = view == null ? null : view.partWith(place.sequence());
    if (part == null) {
      return null;
    }
    Page found = part.last(Section.FRAME, Key.first(Long.MIN_VALUE), Key.last(place.sequence()));
    if (found.isEmpty()) {
      throw damaged(part, place);
    }
    CycleFile file = file(place.lane(), part.stretch().cycle());
    file.seek(found.b(found.size() - 1));
    Frame frame = file.next();
    boolean sound = frame != null
        && frame.firstSequence() == found.a(found.size() - 1)
        && frame.lastSequence() >= place.sequence();
    if (!sound) {
      throw damaged(part, place);
    }
    return frame;
  }

  private static RuntimeException damaged(Searchable part, RecordPlace place) {
    return part instanceof Run run
        ? new RunDamaged(run.path(), "has no frame with record " + place)
        : new IllegalStateException("no frame with record " + place + " in " + part.stretch());
  }

  private CycleFile file(int lane, int cycle) {
    CycleFile current = open;
    if (current != null && openLane == lane && current.cycle() == cycle) {
      return current;
    }
    close();
    CycleFile opened = files.apply(lane).open(cycle);
    open = opened;
    openLane = lane;
    return opened;
  }

  @Override
  public void close() {
    CycleFile current = open;
    open = null;
    if (current != null) {
      current.close();
    }
  }
}
