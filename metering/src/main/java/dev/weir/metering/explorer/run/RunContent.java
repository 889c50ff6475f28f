package dev.weir.metering.explorer.run;

/** What a run is written from. */
public interface RunContent {

  Stretch stretch();

  Times times();

  /** The entries of a section, in ascending order; asked for once each. */
  Entries ascending(Section section);
}
