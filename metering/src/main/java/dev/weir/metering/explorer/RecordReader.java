package dev.weir.metering.explorer;

import dev.weir.metering.Invariant;
import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Page;
import dev.weir.metering.explorer.run.Run;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.explorer.run.Searchable;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.LaneFiles;
import dev.weir.metering.journal.RecordFile;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of the journal by their places. Each is checked by the sum that the index has of it.
 * Confined to one thread.
 *
 * <p>Cost: a few reads of less than a page for each record, in the order of the places.
 */
final class RecordReader implements AutoCloseable {

  private final Map<Integer, LaneView> views;
  private final IntFunction<LaneFiles> files;

  private @Nullable Searchable part;
  private Searchable.@Nullable Lookup lookup;
  private @Nullable RecordFile records;

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
    boolean[] goOn = {true};
    for (RecordPlace place : places) {
      Frame record = record(place);
      if (record != null) {
        record.forEach(view -> goOn[0] = visitor.record(place, view));
      }
      if (!goOn[0]) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Frame record(RecordPlace place) {
    LaneView view = views.get(place.lane());
    Searchable with = view == null ? null : view.partWith(place.sequence());
    if (with == null) {
      return null;
    }
    Open open = open(place.lane(), with);
    Key key = Key.last(place.sequence());
    Page locations = open.lookup().around(Section.RECORD, key);
    Page groups = open.lookup().around(Section.GROUP, key);
    int location = locations.lastAtMost(key);
    int group = groups.lastAtMost(key);
    if (location < 0 || group < 0 || locations.a(location) != place.sequence()) {
      throw damaged(with, place);
    }
    Frame record = open.records()
        .read(new RecordFile.Place(
            place.sequence(),
            groups.b(group),
            locations.b(location),
            locations.c(location),
            locations.tag(location)));
    if (record == null) {
      throw mismatch(place, with, groups.c(group));
    }
    return record;
  }

  /** What is open of a part of a lane. */
  private record Open(Searchable.Lookup lookup, RecordFile records) {}

  private Open open(int lane, Searchable wanted) {
    Searchable.Lookup openLookup = lookup;
    RecordFile openRecords = records;
    if (openLookup == null || openRecords == null || !isOpen(wanted)) {
      close();
      openLookup = wanted.lookup();
      lookup = openLookup;
      openRecords = files.apply(lane).openRecords(wanted.stretch().cycle());
      records = openRecords;
      part = wanted;
    }
    return new Open(openLookup, openRecords);
  }

  @SuppressWarnings("ReferenceEquality") // the views give the same object for the same part
  private boolean isOpen(Searchable wanted) {
    return part == wanted;
  }

  /** Reads the frame with its own checksum: if that is wrong, it is refused, naming the place. */
  private RuntimeException mismatch(RecordPlace place, Searchable with, long frameOffset) {
    try (CycleFile file = files.apply(place.lane()).open(with.stretch().cycle())) {
      file.seek(frameOffset);
      Frame sound = file.next();
      Invariant.check(
          sound == null || sound.lane() == place.lane(), "a file has its lane's frames");
    }
    // The journal is right, so the index is not.
    return damaged(with, place);
  }

  private static RuntimeException damaged(Searchable with, RecordPlace place) {
    return with instanceof Run run
        ? new RunDamaged(run.path(), "does not lead to record " + place)
        : new IllegalStateException("no record " + place + " in " + with.stretch());
  }

  @Override
  public void close() {
    part = null;
    if (lookup != null) {
      lookup.close();
      lookup = null;
    }
    if (records != null) {
      records.close();
      records = null;
    }
  }
}
