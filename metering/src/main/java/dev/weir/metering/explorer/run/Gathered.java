package dev.weir.metering.explorer.run;

import java.util.Arrays;

/** A view of entries in memory, which can be searched and written. Thread-safe. */
public final class Gathered implements Searchable, RunContent {

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
  public Entries ascending(Section section) {
    return columns(section).ascending();
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
            new OfRecords()
                .one((int) Math.min(key.a() - stretch.firstSequence(), records.count() - 1));
          case GROUP -> {
            int found = Arrays.binarySearch(groups.sequences(), 0, groups.count(), key.a());
            yield new OfGroups().one(found >= 0 ? found : -found - 2);
          }
          default -> last(section, Key.first(Long.MIN_VALUE), key);
        };
      }

      @Override
      public void close() {}
    };
  }

  private Columns columns(Section section) {
    return switch (section) {
      case SUBJECT -> new BySubject();
      case TIME -> new ByTime();
      case IDENTITY -> new ByIdentity();
      case RECORD -> new OfRecords();
      case GROUP -> new OfGroups();
      case VOIDED -> new OfVoided();
      case EXCEPTION -> new OfExceptions();
    };
  }

  private final class BySubject implements Columns {
    @Override
    public int size() {
      return records.count();
    }

    @Override
    public long a(int i) {
      return records.subjects()[i];
    }

    @Override
    public long b(int i) {
      return records.times()[i];
    }

    @Override
    public long c(int i) {
      return stretch.firstSequence() + i;
    }

    @Override
    public int tag(int i) {
      return records.tags()[i];
    }
  }

  private final class ByTime implements Columns {
    @Override
    public int size() {
      return records.count();
    }

    @Override
    public long a(int i) {
      return EntryKeys.tenantOf(records.subjects()[i]);
    }

    @Override
    public long b(int i) {
      return records.times()[i];
    }

    @Override
    public long c(int i) {
      return stretch.firstSequence() + i;
    }

    @Override
    public int tag(int i) {
      return records.tags()[i];
    }
  }

  private final class ByIdentity implements Columns {
    @Override
    public int size() {
      return records.count();
    }

    @Override
    public long a(int i) {
      return records.identities()[i];
    }

    @Override
    public long b(int i) {
      return 0;
    }

    @Override
    public long c(int i) {
      return stretch.firstSequence() + i;
    }

    @Override
    public int tag(int i) {
      return EntryTags.flags(records.tags()[i]);
    }
  }

  private final class OfRecords implements Columns {
    @Override
    public int size() {
      return records.count();
    }

    @Override
    public long a(int i) {
      return stretch.firstSequence() + i;
    }

    @Override
    public long b(int i) {
      return locations.heads()[i];
    }

    @Override
    public long c(int i) {
      return locations.datas()[i];
    }

    @Override
    public int tag(int i) {
      return locations.sums()[i];
    }
  }

  private final class OfGroups implements Columns {
    @Override
    public int size() {
      return groups.count();
    }

    @Override
    public long a(int i) {
      return groups.sequences()[i];
    }

    @Override
    public long b(int i) {
      return groups.offsets()[i];
    }

    @Override
    public long c(int i) {
      return groups.frames()[i];
    }

    @Override
    public int tag(int i) {
      return 0;
    }
  }

  private final class OfVoided implements Columns {
    @Override
    public int size() {
      return rare.voidCount();
    }

    @Override
    public long a(int i) {
      return rare.voided()[i];
    }

    @Override
    public long b(int i) {
      return 0;
    }

    @Override
    public long c(int i) {
      return rare.voids()[i];
    }

    @Override
    public int tag(int i) {
      int record = (int) (rare.voids()[i] - stretch.firstSequence());
      return EntryTags.flags(records.tags()[record]);
    }
  }

  private final class OfExceptions implements Columns {
    @Override
    public int size() {
      return rare.exceptionCount();
    }

    @Override
    public long a(int i) {
      return EntryKeys.tenantOf(records.subjects()[rare.exceptions()[i]]);
    }

    @Override
    public long b(int i) {
      return records.times()[rare.exceptions()[i]];
    }

    @Override
    public long c(int i) {
      return stretch.firstSequence() + rare.exceptions()[i];
    }

    @Override
    public int tag(int i) {
      return records.tags()[rare.exceptions()[i]];
    }
  }
}
