package dev.weir.metering.aggregate;

/** One window of one series: the minute it starts at, counted from 1970. */
record WindowKey(SeriesKey series, long minute) {}
