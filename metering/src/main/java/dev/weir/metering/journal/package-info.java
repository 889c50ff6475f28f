/**
 * The journal: the only truth for usage. One Chronicle queue a lane, one document (a frame) a batch.
 *
 * <p>Invariants: a frame is acknowledged only after {@code FileChannel.force} on its file has returned;
 * a failed force ends the lane for good; sequences in a lane have no gaps; every frame carries a CRC32C;
 * at most the last frame of a lane can be torn, as one frame is forced before the next is written, so
 * anything else that does not check out is corruption and is refused, naming the place; no repair drops
 * a sound frame; the time that chooses a file never goes back. Disk blocks are allocated before they are mapped-written, so a full disk is an error and never a SIGBUS.
 *
 * <p>A sequence counts the records of a lane from 1; a {@link
 * dev.weir.metering.journal.JournalPosition} names the last record of each lane that an answer rests on.
 */
@NullMarked
package dev.weir.metering.journal;

import org.jspecify.annotations.NullMarked;
