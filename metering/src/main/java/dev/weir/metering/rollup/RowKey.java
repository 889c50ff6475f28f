package dev.weir.metering.rollup;

/** Where a window lies in the table of its grain. The minute is where it starts, counted from 1970. */
public record RowKey(long seriesId, long minute) {}
