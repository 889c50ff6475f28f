/**
 * Metering as a whole, on one thread, in a world that is made up: a seed decides what happens next.
 *
 * <p>Real are decoding, the lanes with their deduplication and sealed segments, voids and replacements,
 * frames, the repair and the reading of the journal, folding and the meters. Made up are the clock, the
 * disk below the journal (see the package {@code disk}), what Chronicle writes into a file, the database,
 * the network and the clients. A correction looks its event up by reading all of the journal instead of
 * an index. Threads are replaced by steps: a lane's turn, a fold, a flush, a sealed segment.
 *
 * <p>Two oracles look after every step and know nothing of how the system works: one knows what was sent
 * and what must therefore be in the journal and in answers, the other computes usage from the set of
 * journaled events that nobody took back.
 *
 * <p>Times: the clock shows a made-up time near March 2026, which jumps in both directions; an identity
 * may be forgotten when the clock has ever shown a time beyond its horizon.
 */
package dev.weir.metering.simulation;
