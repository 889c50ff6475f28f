package dev.weir.metering.aggregate;

import dev.weir.metering.meter.Aggregation;
import java.util.UUID;

/**
 * A window to write: whose, from which minute on, and what it gained. How long it is, the table says.
 *
 * @param minute where the window starts, counted from 1970
 */
record WindowRow(
    long seriesId, long minute, UUID tenantId, Aggregation aggregation, WindowDelta delta) {}
