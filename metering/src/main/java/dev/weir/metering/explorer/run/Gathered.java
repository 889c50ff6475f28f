package dev.weir.metering.explorer.run;

import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/** A view of entries in memory, which can be searched and written. Thread-safe. */
public final class Gathered implements Searchable {

  /** As many as a leaf holds. */
  private static final int PAGE_ENTRIES = 1_024;

  private final Stretch stretch;
  private final Times bounds;
  private final Records records;
  private final Rare rare;
  private final Locations locations;
  private final Groups groups;

  Gathered(
      Stretch stretch,
      Times bounds,
      Records records,
      Rare rare,
      Locations locations,
      Groups groups) {
    this.stretch = stretch;
    this.bounds = bounds;
    this.records = records;
    this.rare = rare;
    this.locations = locations;
    this.groups = groups;
  }

  /** Columns with an entry for each record, in the order of the journal. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Records(long[] subjects, long[] times, long[] identities, char[] tags, int count) {}

  /** Records that are conflicts or voids, and what the voids take back. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Rare(int[] exceptions, int exceptionCount, long[] voided, long[] voids, int voidCount) {}

  /** Where records are, in the order of the journal. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Locations(long[] heads, long[] datas, int[] sums) {}

  /** Where requests begin, and the documents of their frames. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Groups(long[] sequences, long[] offsets, long[] frames, int count) {}

  @Override
  public Stretch stretch() {
    return stretch;
  }

  @Override
  public Times times() {
    return bounds;
  }

  @Override
  public Page last(Section section, Key low, Key high) {
    return columns(section).last(low, high, PAGE_ENTRIES);
  }

  @Override
  public long entries(Section section) {
    return columns(section).size();
  }

  /** Records and requests lie in their order and are found at once; others are searched through. */
  @Override
  public Lookup lookup() {
    return new Lookup() {
      @Override
      public Page around(Section section, Key key) {
        return switch (section) {
          case RECORD ->
            recordColumns()
                .one((int) Math.min(key.a() - stretch.firstSequence(), records.count() - 1));
          case GROUP -> {
            int found = Arrays.binarySearch(groups.sequences(), 0, groups.count(), key.a());
            yield groupColumns().one(found >= 0 ? found : -found - 2);
          }
          default -> last(section, Key.first(Long.MIN_VALUE), key);
        };
      }

      @Override
      public void close() {}
    };
  }

  Records records() {
    return records;
  }

  Rare rare() {
    return rare;
  }

  Locations locations() {
    return locations;
  }

  Groups groups() {
    return groups;
  }

  private Columns columns(Section section) {
    return switch (section) {
      case SUBJECT ->
        forRecords(
            i -> records.subjects()[i], i -> records.times()[i], i -> records.tags()[i]);
      case TIME ->
        forRecords(this::tenant, i -> records.times()[i], i -> records.tags()[i]);
      case IDENTITY -> forRecords(i -> records.identities()[i], i -> 0, this::flags);
      case RECORD -> recordColumns();
      case GROUP -> groupColumns();
      case VOIDED ->
        new View(
            rare.voidCount(),
            i -> rare.voided()[i],
            i -> 0,
            i -> rare.voids()[i],
            i -> flags((int) (rare.voids()[i] - stretch.firstSequence())));
      case EXCEPTION ->
        new View(
            rare.exceptionCount(),
            i -> tenant(rare.exceptions()[i]),
            i -> records.times()[rare.exceptions()[i]],
            i -> sequence(rare.exceptions()[i]),
            i -> records.tags()[rare.exceptions()[i]]);
    };
  }

  /** One entry a record; the last part of the key is its sequence. */
  private Columns forRecords(IntToLongFunction a, IntToLongFunction b, IntUnaryOperator tag) {
    return new View(records.count(), a, b, this::sequence, tag);
  }

  private Columns recordColumns() {
    return new View(
        records.count(),
        this::sequence,
        i -> locations.heads()[i],
        i -> locations.datas()[i],
        i -> locations.sums()[i]);
  }

  private Columns groupColumns() {
    return new View(
        groups.count(),
        i -> groups.sequences()[i],
        i -> groups.offsets()[i],
        i -> groups.frames()[i],
        i -> 0);
  }

  private long sequence(int record) {
    return stretch.firstSequence() + record;
  }

  private long tenant(int record) {
    return EntryKeys.tenantOf(records.subjects()[record]);
  }

  private int flags(int record) {
    return EntryTags.flags(records.tags()[record]);
  }

  /** Columns that are read, or worked out, where they are. */
  private record View(
      int size,
      IntToLongFunction as,
      IntToLongFunction bs,
      IntToLongFunction cs,
      IntUnaryOperator tags)
      implements Columns {

    @Override
    public long a(int i) {
      return as.applyAsLong(i);
    }

    @Override
    public long b(int i) {
      return bs.applyAsLong(i);
    }

    @Override
    public long c(int i) {
      return cs.applyAsLong(i);
    }

    @Override
    public int tag(int i) {
      return tags.applyAsInt(i);
    }
  }
}
