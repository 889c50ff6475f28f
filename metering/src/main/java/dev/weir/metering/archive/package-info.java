/**
 * The life of the journal after it was written: closed cycles are copied to an archive, old ones leave
 * the local disk, and what is needed again comes back.
 *
 * <p>Invariants: an object in an archive is whole or absent; a cycle is believed to be archived only
 * when what the archive gives back has the checksum of what was read and verified locally; the entry
 * that says so is written last, and carries a checksum of its own.
 */
@NullMarked
package dev.weir.metering.archive;

import org.jspecify.annotations.NullMarked;
