package dev.weir.metering.usage;

import java.time.Instant;
import java.util.List;

/**
 * The windows that a query's range is laid out in, one behind the other.
 *
 * @param boundaries the starts of the windows, and last the end of the last one
 * @param from where the range begins: in the first window
 * @param to where the range ends, exclusive: in the last window
 */
record WindowSpan(List<Instant> boundaries, Instant from, Instant to) {

  static WindowSpan of(UsageQuery query, Instant from, Instant to) {
    return query.windowSize() == null
        ? new WindowSpan(List.of(from, to), from, to)
        : new WindowSpan(
            UsageWindows.boundaries(from, to, query.windowSize(), query.zone()), from, to);
  }

  int windows() {
    return boundaries.size() - 1;
  }

  /** Where a window begins; windows count from 0. */
  Instant start(int window) {
    return boundaries.get(window);
  }

  Instant end(int window) {
    return boundaries.get(window + 1);
  }

  /** Where the part of a window begins that lies in the range. */
  Instant from(int window) {
    return window == 0 ? from : start(window);
  }

  /** Where the part of a window ends that lies in the range. */
  Instant to(int window) {
    return window == windows() - 1 ? to : end(window);
  }

  /** The starts of the parts in the range, and last the range's end. */
  List<Instant> cuts() {
    Instant[] cuts = boundaries.toArray(Instant[]::new);
    cuts[0] = from;
    cuts[cuts.length - 1] = to;
    return List.of(cuts);
  }
}
