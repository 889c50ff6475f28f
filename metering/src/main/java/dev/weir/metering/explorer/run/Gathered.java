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
  private final Frames frames;

  Gathered(Stretch stretch, Times bounds, Records records, Rare rare, Frames frames) {
    this.stretch = stretch;
    this.bounds = bounds;
    this.records = records;
    this.rare = rare;
    this.frames = frames;
  }

  /** Columns with an entry for each record, in the order of the journal. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Records(long[] subjects, long[] times, long[] identities, char[] tags, int count) {}

  /** Records that are conflicts or voids, and what the voids take back. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Rare(int[] exceptions, int exceptionCount, long[] voided, long[] voids, int voidCount) {}

  /** Where frames begin. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Frames(long[] sequences, long[] offsets, int count) {}

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

  private Columns columns(Section section) {
    return switch (section) {
      case SUBJECT -> new BySubject();
      case TIME -> new ByTime();
      case IDENTITY -> new ByIdentity();
      case FRAME -> new OfFrames();
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

  private final class OfFrames implements Columns {
    @Override
    public int size() {
      return frames.count();
    }

    @Override
    public long a(int i) {
      return frames.sequences()[i];
    }

    @Override
    public long b(int i) {
      return frames.offsets()[i];
    }

    @Override
    public long c(int i) {
      return 0;
    }

    @Override
    public int tag(int i) {
      return 0;
    }

    /** Frames lie in order, and are looked up for each record that is read: one is enough. */
    @Override
    public Page last(Key low, Key high, int max) {
      int found = Arrays.binarySearch(frames.sequences(), 0, frames.count(), high.a());
      int i = found >= 0 ? found : -found - 2;
      while (i >= 0 && compareAt(i, high) > 0) {
        i--;
      }
      return i < 0 || compareAt(i, low) < 0
          ? Page.EMPTY
          : Page.of(new long[] {a(i)}, new long[] {b(i)}, new long[] {c(i)}, new int[] {tag(i)});
    }

    private int compareAt(int i, Key key) {
      return Key.compare(a(i), b(i), c(i), key.a(), key.b(), key.c());
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
