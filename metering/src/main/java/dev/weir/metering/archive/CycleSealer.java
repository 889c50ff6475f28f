package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleEnd;
import dev.weir.metering.journal.CycleFault;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.CycleInspection;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seals the closed cycles of one lane: verifies the file frame by frame, gives it its final length, and
 * writes down what it is. From then on a change of any byte is found.
 */
final class CycleSealer {

  private final int lane;
  private final LaneFiles files;
  private final LaneRecords records;

  CycleSealer(int lane, LaneFiles files, LaneRecords records) {
    this.lane = lane;
    this.files = files;
    this.records = records;
  }

  /**
   * The cycles that are closed and wholly in the database, but not sealed, in order.
   *
   * @param newest the cycle that is being written, or was last
   * @param committed the last sequence of the lane that is in the database
   */
  List<Integer> due(int newest, long committed) {
    List<Integer> due = new ArrayList<>();
    List<Integer> closed = new ArrayList<>(files.localCycles().headSet(newest));
    for (int i = 0; i < closed.size(); i++) {
      int cycle = closed.get(i);
      if (!records.isSealed(cycle) && committed >= lastBefore(cycle, newest)) {
        due.add(cycle);
      }
    }
    return due;
  }

  /**
   * The last sequence up to the end of a cycle, by the first frame after it that can be read; more
   * than there can be while there is none.
   */
  private long lastBefore(int cycle, int newest) {
    for (int next : files.localCycles().subSet(cycle + 1, newest + 1)) {
      long first = firstSequence(next);
      if (first > 0) {
        return first - 1;
      }
    }
    return Long.MAX_VALUE;
  }

  /** 0 when a cycle has no frame, or none that can be read: that is told when it is sealed, or read. */
  private long firstSequence(int cycle) {
    try (CycleFile file = files.open(cycle)) {
      Frame first = file.next();
      return first == null ? 0 : first.firstSequence();
    } catch (JournalCorrupt e) {
      return 0;
    }
  }

  /**
   * Seals one.
   *
   * @throws JournalCorrupt when the file is not sound, naming the first place
   */
  CycleSum seal(int cycle) throws IOException {
    Path path = files.path(cycle);
    CycleEnd.settle(path, verified(path, lane, cycle, null));
    MessageDigest digest = Sha256.start();
    CycleInspection.Result result = verified(path, lane, cycle, digest);
    CycleSum sum = new CycleSum(result.facts(), Sha256.hex(digest));
    records.seal(sum);
    return sum;
  }

  /** Reads a closed cycle's file whole; throws when it is not sound. */
  static CycleInspection.Result verified(
      Path path, int lane, int cycle, @Nullable MessageDigest digest) throws IOException {
    List<CycleFault> faults = new ArrayList<>();
    CycleInspection.Result result =
        CycleInspection.inspect(path, lane, cycle, false, digest, faults::add);
    if (!faults.isEmpty() || result.unfinished()) {
      String what = faults.isEmpty()
          ? "its last document is not finished"
          : "offset %d: %s".formatted(faults.get(0).offset(), faults.get(0).what());
      throw new JournalCorrupt("journal lane %d, cycle %s, %s (after sequence %d): %s"
          .formatted(
              lane,
              Cycles.name(cycle),
              path,
              faults.isEmpty() ? result.facts().lastSequence() : faults.get(0).afterSequence(),
              what));
    }
    return result;
  }
}
