package dev.weir.metering.archive;

import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.LaneFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The small files beside a lane's cycles that say what has become of each: {@code .sum}, the seal of a
 * closed one; {@code .archived}, the place where the archive has it; {@code .deleted}, that it left this
 * disk on purpose; {@code .restored}, when it was brought back. Each is whole or absent, also after a
 * crash, and they outlive the cycle's file. Seals that were read are remembered, as they never change.
 * Blocking.
 */
final class LaneRecords {

  static final String SUM = ".sum";
  private static final String ARCHIVED = ".archived";
  private static final String DELETED = ".deleted";
  private static final String RESTORED = ".restored";

  private static final Pattern NAME = Pattern.compile("[0-9]{8}-[0-9]{2}F\\.[a-z]+");
  private static final int CYCLE_NAME_LENGTH = 11;

  private final LaneFiles files;
  private final Map<Integer, CycleSum> sums = new ConcurrentHashMap<>();

  LaneRecords(LaneFiles files) {
    this.files = files;
  }

  private Path path(int cycle, String suffix) {
    String name = files.path(cycle).getFileName().toString();
    return files.directory().resolve(name.substring(0, name.lastIndexOf('.')) + suffix);
  }

  Path sumPath(int cycle) {
    return path(cycle, SUM);
  }

  /**
   * The seal of a cycle; empty while it has none.
   *
   * @throws dev.weir.metering.journal.JournalCorrupt when it does not check out
   */
  Optional<CycleSum> sum(int cycle) throws IOException {
    CycleSum known = sums.get(cycle);
    if (known != null) {
      return Optional.of(known);
    }
    Path path = sumPath(cycle);
    Optional<CycleSum> read = read(path).map(bytes -> CycleSum.decode(bytes, path.toString()));
    read.ifPresent(sum -> sums.put(cycle, sum));
    return read;
  }

  boolean isSealed(int cycle) {
    return Files.exists(sumPath(cycle));
  }

  /** The cycles that have a seal, in order. */
  SortedSet<Integer> sealed() throws IOException {
    return cycles(SUM);
  }

  /** The cycles that some archive has, in order. */
  SortedSet<Integer> archived() throws IOException {
    return cycles(ARCHIVED);
  }

  private SortedSet<Integer> cycles(String suffix) throws IOException {
    TreeSet<Integer> cycles = new TreeSet<>();
    try (Stream<Path> all = Files.list(files.directory())) {
      all.map(file -> file.getFileName().toString())
          .filter(name -> NAME.matcher(name).matches() && name.endsWith(suffix))
          .forEach(name -> cycles.add(Cycles.parse(name.substring(0, CYCLE_NAME_LENGTH))));
    } catch (NoSuchFileException e) {
      return cycles;
    }
    return cycles;
  }

  void seal(CycleSum sum) throws IOException {
    write(sumPath(sum.facts().cycle()), sum.encode());
  }

  /** The place of the archive that has the cycle. */
  Optional<String> archivedAt(int cycle) throws IOException {
    return text(cycle, ARCHIVED);
  }

  void markArchived(int cycle, String place) throws IOException {
    write(path(cycle, ARCHIVED), bytes(place));
  }

  /** When, and why, the file was deleted here. */
  Optional<String> deleted(int cycle) throws IOException {
    return text(cycle, DELETED);
  }

  void markDeleted(int cycle, String why) throws IOException {
    write(path(cycle, DELETED), bytes(why));
  }

  /** When the file was brought back here, in milliseconds since 1970. */
  Optional<Long> restoredMillis(int cycle) throws IOException {
    return text(cycle, RESTORED).map(Long::valueOf);
  }

  /** Notes that the file is here again. */
  void markRestored(int cycle, long nowMillis) throws IOException {
    write(path(cycle, RESTORED), bytes(Long.toString(nowMillis)));
    Files.deleteIfExists(path(cycle, DELETED));
  }

  void forgetRestored(int cycle) throws IOException {
    Files.deleteIfExists(path(cycle, RESTORED));
  }

  private Optional<String> text(int cycle, String suffix) throws IOException {
    return read(path(cycle, suffix))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
  }

  private static byte[] bytes(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<byte[]> read(Path path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void write(Path path, byte[] bytes) throws IOException {
    Path draft = path.resolveSibling("." + path.getFileName() + ".draft");
    try (FileChannel channel = FileChannel.open(
        draft,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force();
  }

  /** Makes the entries of the directory durable. */
  void force() throws IOException {
    try (FileChannel entry = FileChannel.open(files.directory(), StandardOpenOption.READ)) {
      entry.force(true);
    }
  }
}
