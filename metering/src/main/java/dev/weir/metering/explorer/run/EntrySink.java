package dev.weir.metering.explorer.run;

import java.io.IOException;

/** Takes the entries of a section in ascending order. Confined to one thread. */
@FunctionalInterface
interface EntrySink {

  void add(long a, long b, long c, int tag) throws IOException;
}
