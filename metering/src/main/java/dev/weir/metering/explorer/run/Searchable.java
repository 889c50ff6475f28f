package dev.weir.metering.explorer.run;

/** Entries that can be looked up, on disk or in memory. Thread-safe. */
public interface Searchable {

  /**
   * The last entries between two keys, both included: at least one of them when there are any, at most
   * about a thousand. Those before them are found by asking again, up to the key before the first.
   */
  Page last(Section section, Key low, Key high);

  /** For looking up many entries, one after the other. */
  Lookup lookup();

  /** Confined to one thread. */
  interface Lookup extends AutoCloseable {

    /** Some entries that follow one another, among them the last that is not above the key. */
    Page around(Section section, Key key);

    @Override
    void close();
  }

  /** How many entries a section has. */
  long entries(Section section);

  Stretch stretch();

  Times times();
}
