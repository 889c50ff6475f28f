/**
 * How files are written beside the lanes' flushes, on one device: in small steps that the system begins at
 * once, so that no flush finds much before it in the device's queue.
 *
 * <p>Invariants: nothing here is a promise that something is on stable storage, which only a flush by the
 * file's writer gives, and none takes the word of a failure from that flush unsaid.
 */
@NullMarked
package dev.weir.metering.disk;

import org.jspecify.annotations.NullMarked;
