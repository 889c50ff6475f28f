package dev.weir.metering.explorer;

import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Page;
import dev.weir.metering.explorer.run.Searchable;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.LaneFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** All lanes at a moment, and what can be looked up in them. Immutable. */
final class Snapshot {

  /** A look-up of one entry costs about as much as reading this many that follow one another. */
  private static final int LOOKUP_ENTRIES = 64;

  private final Map<Integer, LaneView> views;
  private final IntFunction<LaneFiles> files;

  Snapshot(List<LaneView> views, IntFunction<LaneFiles> files) {
    this.views = views.stream().collect(Collectors.toMap(LaneView::lane, Function.identity()));
    this.files = files;
  }

  RecordReader reader() {
    return new RecordReader(views, files);
  }

  /** Receives a part of a lane. */
  @FunctionalInterface
  interface PartVisitor {
    void part(int lane, Searchable part);
  }

  void forEachPart(PartVisitor visitor) {
    views.values().forEach(view -> view.parts().forEach(part -> visitor.part(view.lane(), part)));
  }

  /** The records with entries between two keys, at most one more than a bound. */
  SortedSet<RecordPlace> places(Section section, Key low, Key high, int max) {
    TreeSet<RecordPlace> places = new TreeSet<>();
    forEachPart((lane, part) -> {
      Key upTo = high;
      Page page = part.last(section, low, upTo);
      while (!page.isEmpty() && places.size() <= max) {
        for (int i = page.size() - 1; i >= 0 && places.size() <= max; i--) {
          places.add(new RecordPlace(lane, page.c(i)));
        }
        upTo = page.key(0).before();
        page = part.last(section, low, upTo);
      }
    });
    return places;
  }

  /** What took records back, for those of these records that were. */
  Map<RecordPlace, Voiding> voidings(SortedSet<RecordPlace> records) {
    Map<RecordPlace, Voiding> voidings = new HashMap<>();
    if (!records.isEmpty()) {
      forEachPart((lane, part) -> {
        long entries = part.entries(Section.VOIDED);
        if (entries > (long) records.size() * LOOKUP_ENTRIES) {
          records.forEach(record -> addVoidings(voidings, lane, part, record, record));
        } else if (entries > 0) {
          addVoidings(voidings, lane, part, records.first(), records.last());
        }
      });
      voidings.keySet().retainAll(records);
    }
    return voidings;
  }

  /**
   * The record that took another back.
   *
   * @param tag of the void, see {@link dev.weir.metering.explorer.run.EntryTags}
   */
  record Voiding(RecordPlace place, int tag) {}

  private static void addVoidings(
      Map<RecordPlace, Voiding> voidings,
      int lane,
      Searchable part,
      RecordPlace first,
      RecordPlace last) {
    Key low = Key.first(first.packed());
    Page page = part.last(Section.VOIDED, low, Key.last(last.packed()));
    while (!page.isEmpty()) {
      for (int i = 0; i < page.size(); i++) {
        voidings.put(
            RecordPlace.of(page.a(i)), new Voiding(new RecordPlace(lane, page.c(i)), page.tag(i)));
      }
      page = part.last(Section.VOIDED, low, page.key(0).before());
    }
  }
}
