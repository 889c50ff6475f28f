package dev.weir.benchmarks.ingest;

import org.HdrHistogram.Histogram;

/**
 * When events were visible; the histograms are empty where nothing becomes visible.
 *
 * @param usage microseconds from an acknowledgement to a query that includes it
 * @param bill microseconds from another one to a running bill that includes it
 * @param failures queries and bills that were not answered as they should be
 */
record Visibility(Histogram usage, Histogram bill, int failures) {

  /** Of what has no queries. */
  static Visibility none() {
    return new Visibility(new Histogram(3), new Histogram(3), 0);
  }
}
