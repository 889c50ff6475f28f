package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleFacts;

/**
 * What a check has read.
 *
 * @param cycles files on the local disk
 * @param bytes of those up to their ends
 * @param archived objects that were read back from the archive
 * @param archivedBytes of those
 */
public record CheckTotals(
    long cycles,
    long frames,
    long records,
    long bytes,
    long archived,
    long archivedBytes,
    long problems) {

  static final CheckTotals NONE = new CheckTotals(0, 0, 0, 0, 0, 0, 0);

  CheckTotals with(CycleFacts facts) {
    return new CheckTotals(
        cycles + 1,
        frames + facts.frames(),
        records + facts.records(),
        bytes + facts.bytes(),
        archived,
        archivedBytes,
        problems);
  }

  CheckTotals withArchived(long objectBytes) {
    return new CheckTotals(
        cycles, frames, records, bytes, archived + 1, archivedBytes + objectBytes, problems);
  }

  CheckTotals withProblem() {
    return new CheckTotals(cycles, frames, records, bytes, archived, archivedBytes, problems + 1);
  }

  CheckTotals plus(CheckTotals other) {
    return new CheckTotals(
        cycles + other.cycles,
        frames + other.frames,
        records + other.records,
        bytes + other.bytes,
        archived + other.archived,
        archivedBytes + other.archivedBytes,
        problems + other.problems);
  }
}
