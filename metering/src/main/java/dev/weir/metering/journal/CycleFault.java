package dev.weir.metering.journal;

/**
 * Something in a cycle's file that is not as it was written.
 *
 * @param offset in the file
 * @param afterSequence the last sequence that was read before it; 0 when there was none
 */
public record CycleFault(long offset, long afterSequence, String what) {}
