/**
 * The life of the journal after it was written: closed cycles are sealed and copied to an archive, old
 * ones leave the local disk, and what is needed again comes back.
 *
 * <p>A cycle is one file of one lane, for one hour. When a later cycle has frames and the database holds
 * all its records, it is verified byte by byte, given its end mark and its final length, forced, and
 * sealed: a {@code .sum} beside it says which sequences and times it holds, its length, CRC32C and
 * SHA-256. The same text is its entry in the archive. Other small files beside it say that it is
 * archived and where, that it was deleted on purpose, and when it was restored; they outlive the file.
 *
 * <p>Invariants: an object in an archive is whole or absent; a cycle is believed to be archived only
 * when what the archive gives back has the checksum of what was verified here; the entry that vouches
 * for it is written last, and checks itself; a file leaves the disk only when it is sealed, the archive
 * still holds it (or the operator gave express leave to do without), and nothing that is rebuilt from it
 * needs it; every step can be cut off anywhere and done again; an archive belongs to one journal. What
 * is gone is refused by name where it is read, never skipped.
 *
 * <p>The check reads every byte of every file. What frames do not cover with their own checksums
 * (documents' headers, padding, the end, Chronicle's head and indexes) is compared with what it must be;
 * of a sealed file also the checksum of the whole. In the file that is being written, Chronicle's head
 * may lag behind consistently, as after a power cut: no change of a single byte looks like that.
 *
 * <p>Times: a cycle's age counts from the end of its hour by the clock of the journal, or from when it
 * was restored; event times and receive times in a seal are the bounds of its records'.
 */
@NullMarked
package dev.weir.metering.archive;

import org.jspecify.annotations.NullMarked;
