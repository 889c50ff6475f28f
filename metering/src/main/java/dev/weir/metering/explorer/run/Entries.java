package dev.weir.metering.explorer.run;

/** Entries in ascending order, one at a time. Confined to one thread. */
public interface Entries {

  /** Goes to the next entry; false when there is none. */
  boolean next();

  long a();

  long b();

  long c();

  int tag();
}
