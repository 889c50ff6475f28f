package dev.weir.metering.archive;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Brings archived cycles back for whoever reads them: into a directory of bounded size, the least
 * recently read leaving first. Thread-safe; one cycle is fetched at a time. Holds nothing in memory.
 */
public final class ArchivedCycles implements CycleArchive {

  private final Path journal;
  private final Path cache;
  private final Optional<ArchiveTarget> target;
  private final long cacheBytesMax;
  private final InstantSource clock;

  /**
   * Takes the journal's directory; the cache is below it.
   *
   * @param target empty when there is no archive: cycles that are gone are then named, not fetched
   */
  public ArchivedCycles(
      Path journal, Optional<ArchiveTarget> target, long cacheBytesMax, InstantSource clock) {
    this.journal = journal;
    this.cache = journal.resolve("cache");
    this.target = target;
    this.cacheBytesMax = cacheBytesMax;
    this.clock = clock;
  }

  private LaneFiles files(int lane) {
    return LaneFiles.of(journal, lane, CycleArchive.NONE);
  }

  private LaneRecords records(int lane) {
    return new LaneRecords(files(lane));
  }

  /** Every cycle that was ever sealed: one that is gone for good is refused by name, not skipped. */
  @Override
  public SortedSet<Integer> cycles(int lane) {
    try {
      return records(lane).sealed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int newestGone(int lane) {
    try {
      TreeSet<Integer> gone = new TreeSet<>(records(lane).sealed());
      gone.removeAll(files(lane).localCycles());
      if (target.isPresent()) {
        gone.removeAll(records(lane).archived());
      }
      return gone.isEmpty() ? -1 : gone.last();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SortedSet<Integer> fetchable(int lane) {
    try {
      return target.isEmpty() ? Collections.emptySortedSet() : records(lane).archived();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Path fetch(int lane, int cycle) throws IOException {
    Path copy = cache.resolve(Archiver.objectName(lane, cycle));
    if (!Files.exists(copy)) {
      CycleSum sum = known(lane, cycle);
      download(sum, copy);
      makeRoom(copy);
    }
    Files.setLastModifiedTime(copy, FileTime.from(clock.instant()));
    return copy;
  }

  private CycleSum known(int lane, int cycle) throws IOException {
    LaneRecords records = records(lane);
    Optional<CycleSum> sum = records.sum(cycle);
    if (sum.isEmpty()) {
      throw new JournalCorrupt(
          "journal lane %d, cycle %s: there is no such file, and no archive has it"
              .formatted(lane, Cycles.name(cycle)));
    }
    if (target.isEmpty() || records.archivedAt(cycle).isEmpty()) {
      throw new JournalCorrupt(
          "journal lane %d, cycle %s, %s: the file is gone%s and no archive has it"
              .formatted(
                  lane,
                  Cycles.name(cycle),
                  sum.get().sequences(),
                  records.deleted(cycle).map(why -> " (" + why + ")").orElse("")));
    }
    return sum.get();
  }

  private void download(CycleSum sum, Path copy) throws IOException {
    fetchTo(target.orElseThrow(), sum, copy);
  }

  /** Copies an archived cycle to a file, which appears when it is proven to be what was sealed. */
  static void fetchTo(ArchiveTarget target, CycleSum sum, Path copy) throws IOException {
    String name = Archiver.objectName(sum.facts().lane(), sum.facts().cycle());
    Path directory = copy.resolveSibling("");
    Files.createDirectories(directory);
    Path draft = copy.resolveSibling("." + copy.getFileName() + ".draft");
    MessageDigest digest = Sha256.start();
    try (InputStream stream = new DigestInputStream(target.open(name), digest);
        FileChannel to = FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      stream.transferTo(Channels.newOutputStream(to));
      to.force(true);
    }
    if (!Sha256.hex(digest).equals(sum.sha256())) {
      Files.delete(draft);
      throw new JournalCorrupt("archive %s: %s, %s: what it gives back is not what was archived"
          .formatted(target.place(), name, sum.sequences()));
    }
    Files.move(draft, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private record Copy(Path path, FileTime read, long bytes) {}

  /** Files that are open stay readable until they are closed. */
  private void makeRoom(Path fresh) throws IOException {
    List<Copy> copies = new ArrayList<>();
    try (Stream<Path> all = Files.walk(cache)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        copies.add(new Copy(path, Files.getLastModifiedTime(path), Files.size(path)));
      }
    }
    long total = copies.stream().mapToLong(Copy::bytes).sum();
    copies.sort(Comparator.comparing(Copy::read));
    for (Copy copy : copies) {
      if (total > cacheBytesMax && !copy.path().equals(fresh)) {
        Files.deleteIfExists(copy.path());
        total -= copy.bytes();
      }
    }
  }
}
