package dev.weir.benchmarks.ingest;

import org.HdrHistogram.Histogram;

/**
 * When events were visible.
 *
 * @param micros from an acknowledgement to a query that includes it; empty where nothing becomes visible
 * @param failures queries that were not answered as they should be
 */
record Visibility(Histogram micros, int failures) {

  /** Of what has no queries. */
  static Visibility none() {
    return new Visibility(new Histogram(3), 0);
  }
}
