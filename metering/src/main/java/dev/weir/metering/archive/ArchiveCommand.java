package dev.weir.metering.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Archives at once what is sealed, of a journal that may or may not be open. */
public final class ArchiveCommand {

  /**
   * What was done.
   *
   * @param archived cycles that went to the archive now
   * @param before cycles that were there already
   * @param waiting closed or open cycles that nobody has sealed: a running Weir does
   * @param failed cycles that could not be archived
   */
  public record Result(int archived, int before, int waiting, int failed) {}

  private ArchiveCommand() {}

  /**
   * Archives all lanes.
   *
   * @param failures told each failure, one line
   * @return empty when a running Weir is archiving at this moment
   */
  public static Optional<Result> run(Path journal, ArchiveTarget target, Consumer<String> failures)
      throws IOException {
    Optional<UpkeepLock> taken = UpkeepLock.take(journal);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (UpkeepLock lock = taken.get()) {
      Archiver archiver = new Archiver(target, ArchiveOwner.mark(journal));
      Result result = new Result(0, 0, 0, 0);
      for (int lane = 0; lane < JournalCheck.lanes(journal); lane++) {
        result = plus(result, run(journal, lane, archiver, failures));
      }
      return Optional.of(result);
    }
  }

  private static Result run(Path journal, int lane, Archiver archiver, Consumer<String> failures)
      throws IOException {
    int[] failed = new int[1];
    LaneUpkeep upkeep = new LaneUpkeep(
        journal,
        lane,
        e -> {
          failed[0]++;
          failures.accept(e.getMessage() == null ? e.toString() : e.getMessage());
        },
        () -> false);
    int before = archived(upkeep, archiver);
    upkeep.archive(archiver);
    TreeSet<Integer> waiting = new TreeSet<>(upkeep.files().localCycles());
    waiting.removeAll(upkeep.records().sealed());
    return new Result(archived(upkeep, archiver) - before, before, waiting.size(), failed[0]);
  }

  private static int archived(LaneUpkeep upkeep, Archiver archiver) throws IOException {
    int count = 0;
    for (int cycle : upkeep.records().archived()) {
      boolean here = Files.exists(upkeep.files().path(cycle));
      boolean there = upkeep
          .records()
          .archivedAt(cycle)
          .equals(Optional.of(archiver.target().place()));
      count += here && there ? 1 : 0;
    }
    return count;
  }

  private static Result plus(Result a, Result b) {
    return new Result(
        a.archived() + b.archived(),
        a.before() + b.before(),
        a.waiting() + b.waiting(),
        a.failed() + b.failed());
  }
}
