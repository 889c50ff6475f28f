package dev.weir.metering.explorer.run;

/** What the entries of a section are sorted by: three numbers, compared as signed ones. */
public record Key(long a, long b, long c) implements Comparable<Key> {

  /** The smallest key that begins with this number. */
  public static Key first(long a) {
    return new Key(a, Long.MIN_VALUE, Long.MIN_VALUE);
  }

  /** The largest key that begins with this number. */
  public static Key last(long a) {
    return new Key(a, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** The key right before this one, which must be that of an entry: its last number is not negative. */
  public Key before() {
    return new Key(a, b, c - 1);
  }

  @Override
  public int compareTo(Key other) {
    return compare(a, b, c, other.a, other.b, other.c);
  }

  static int compare(long a1, long b1, long c1, long a2, long b2, long c2) {
    if (a1 != a2) {
      return a1 < a2 ? -1 : 1;
    }
    return b1 == b2 ? Long.compare(c1, c2) : b1 < b2 ? -1 : 1;
  }
}
