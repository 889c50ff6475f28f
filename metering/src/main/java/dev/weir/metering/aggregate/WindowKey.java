package dev.weir.metering.aggregate;

import dev.weir.metering.usage.Grain;

/** One window of one series. The minute is where it starts, counted from 1970. */
record WindowKey(SeriesKey series, Grain grain, long minute) {}
