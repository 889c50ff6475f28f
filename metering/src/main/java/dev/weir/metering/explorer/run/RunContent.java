package dev.weir.metering.explorer.run;

import java.io.IOException;

/** What a run is written from. Confined to one thread. */
interface RunContent {

  Stretch stretch();

  Times times();

  /** Gives the entries of a section in ascending order; asked once for each section, in their order. */
  void give(Section section, EntrySink sink) throws IOException;
}
