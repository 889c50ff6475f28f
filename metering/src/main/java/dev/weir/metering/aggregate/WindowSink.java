package dev.weir.metering.aggregate;

import java.util.List;
import java.util.Map;

/**
 * Where windows are kept together with how far each lane has been aggregated. Blocks; belongs to the
 * aggregator's thread.
 */
interface WindowSink {

  /** How far each lane has been aggregated. */
  Map<Integer, WindowStore.LanePosition> positions();

  /**
   * Adds everything in the fold and moves the lanes, or does nothing. After any other exception than
   * {@link FenceLost} it may have been done all the same.
   */
  void write(List<WindowStore.Advance> advances, WindowFold fold);

  /** A lane did not stand where this aggregator had left it. */
  final class FenceLost extends IllegalStateException {
    FenceLost() {
      super("another aggregator has moved the lane positions; this one stops");
    }
  }
}
