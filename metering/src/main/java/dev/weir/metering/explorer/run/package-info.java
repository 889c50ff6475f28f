/**
 * Index runs: files beside the cycles of a lane that tell where the records of a stretch of the journal
 * are, by subject, by time and by identity. A run is written once and never changed; several runs of a
 * cycle are merged into one.
 *
 * <p>A run is a header and seven trees, one for each {@link dev.weir.metering.explorer.run.Section}. A tree
 * has pages of about 8 KiB: leaves with entries in order, each coded as the difference from the one
 * before, and above them pages that tell the first entry and the place of each page below. So a look-up
 * costs two or three reads, however large the run, and an event takes about 40 bytes in all trees
 * together. Entries name records by their sequences, which are short; one tree turns those into places
 * in the cycle's file, with a checksum of each record, so that a record can be read without its frame,
 * which may have megabytes.
 *
 * <p>Invariants: everything in a run follows from the journal, so that any run can be deleted and built
 * again; every page carries a CRC32C, and the header too: a flipped bit is noticed when it is read, and
 * never gives a wrong answer; a run under its final name is complete and on stable storage; a run belongs
 * to one cycle.
 *
 * <p>Times in a run are event times, but for the header's received times, which bound when the requests
 * arrived that brought its records.
 */
@NullMarked
package dev.weir.metering.explorer.run;

import org.jspecify.annotations.NullMarked;
