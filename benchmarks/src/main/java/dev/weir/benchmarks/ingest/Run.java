package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.ServerUse;
import org.HdrHistogram.Histogram;

/**
 * One measured run.
 *
 * @param visible microseconds from an acknowledgement to a query that includes it; empty of a sink
 */
public record Run(
    LoadResult load, ServerUse server, Histogram visible, ServerUnderLoad.Check check) {}
