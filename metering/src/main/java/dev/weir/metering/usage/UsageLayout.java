package dev.weir.metering.usage;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.time.Instant;
import java.util.List;

/**
 * The windows of an answer, and what they are made of.
 *
 * @param cuts where the windows of the answer begin, and last their end, as far as windows make them up
 */
record UsageLayout(WindowSpan span, List<Instant> cuts, GrainRanges ranges) {

  static UsageLayout of(UsageQuery query, UsageExtent extent, RollupState state) {
    WindowSpan span = UsageTotals.span(query, extent.from(), extent.to());
    return of(query, span, span.cuts(), state);
  }

  /** Refuses with USAGE_MINUTES_GONE. */
  static UsageLayout of(UsageQuery query, WindowSpan span, List<Instant> cuts, RollupState state) {
    GrainRanges ranges = UsageTotals.isByMinute(query)
        ? GrainRanges.minutes(state, cuts.get(0), cuts.get(cuts.size() - 1))
        : GrainRanges.between(state, cuts, query.isLevel());
    requireKept(query, ranges, state);
    return new UsageLayout(span, cuts, ranges);
  }

  /** Refuses with USAGE_MINUTES_GONE what needs minutes that are no longer kept. */
  static void requireKept(UsageQuery query, GrainRanges ranges, RollupState state) {
    Instant missing = ranges.missing();
    if (missing != null) {
      throw new Refusal(
          MeteringError.USAGE_MINUTES_GONE,
          query.windowSize() != null ? "windowSize" : missing.equals(query.from()) ? "from" : "to",
          "Before %s usage is kept by hours and days of UTC, and this needs minutes from %s on; ask for"
                  .formatted(state.minutesFrom(), missing)
              + " ranges and windows that begin on whole hours of UTC, or with 'asOf', which reads the"
              + " journal.");
    }
  }
}
