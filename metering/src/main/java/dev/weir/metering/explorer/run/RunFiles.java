package dev.weir.metering.explorer.run;

import dev.weir.metering.disk.BackgroundIo;
import dev.weir.metering.journal.Cycles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one lane, in the lane's directory: {@code 20260305-12F.0001.events}, numbered in the order
 * in which they were written. Thread-safe.
 */
public final class RunFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);

  private static final Pattern NAME =
      Pattern.compile("([0-9]{8}-[0-9]{2})F\\.([0-9]{4,9})\\.events");
  private static final String UNFINISHED = ".events.new";

  private final Path directory;
  private final int lane;

  /** A name is never used twice while someone may still search the run that had it before. */
  private final AtomicInteger lastNumber = new AtomicInteger();

  public RunFiles(Path directory, int lane) {
    this.directory = directory;
    this.lane = lane;
  }

  /**
   * The sound runs of each cycle in the order of the journal, none of which overlaps another. Deletes
   * what is damaged, unfinished, or held by a merged run.
   */
  public Map<Integer, List<Run>> load() {
    Map<Integer, List<Run>> found = new TreeMap<>();
    for (Path file : files()) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches()) {
        lastNumber.accumulateAndGet(Integer.parseInt(name.group(2)), Math::max);
        Run run = openOrDelete(file, name.group(1));
        if (run != null) {
          found
              .computeIfAbsent(run.stretch().cycle(), cycle -> new ArrayList<>())
              .add(run);
        }
      } else if (file.getFileName().toString().endsWith(UNFINISHED)) {
        delete(file);
      }
    }
    found.replaceAll((cycle, runs) -> distinct(runs));
    return found;
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Run openOrDelete(Path file, String cycleName) {
    try {
      Run run = Run.open(file);
      if (run.stretch().lane() != lane || run.stretch().cycle() != Cycles.parse(cycleName)) {
        throw new RunDamaged(file, "belongs to " + run.stretch());
      }
      return run;
    } catch (RunDamaged e) {
      LOG.warn("an index run is built again: {}", e.getMessage());
      delete(file);
      return null;
    }
  }

  /** A crash may have come between writing a merged run and deleting what it was merged from. */
  private List<Run> distinct(List<Run> runs) {
    runs.sort(Comparator.<Run>comparingLong(run -> run.stretch().fromOffset())
        .thenComparing(run -> run.stretch().toOffset(), Comparator.reverseOrder())
        .thenComparing(run -> !run.stretch().endsCycle()));
    List<Run> distinct = new ArrayList<>();
    for (Run run : runs) {
      Run last = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
      boolean known = last != null
          && (run.stretch().fromOffset() < last.stretch().toOffset()
              || last.stretch().covers(run.stretch()));
      if (known) {
        delete(run.path());
      } else {
        distinct.add(run);
      }
    }
    return distinct;
  }

  /** Writes what was gathered as a run and returns when it is on stable storage under its name. */
  public Run write(Gathered gathered) throws IOException {
    return write(new SortedRecords(gathered));
  }

  /** Writes several runs as one and returns when it is on stable storage under its name. */
  public Run write(RunMerge merge) throws IOException {
    return write((RunContent) merge);
  }

  private Run write(RunContent content) throws IOException {
    Stretch stretch = content.stretch();
    Path file = directory.resolve(nextName(stretch.cycle()));
    Path fresh = file.resolveSibling(file.getFileName().toString().replace(".events", UNFINISHED));
    RunHeader header;
    try (FileChannel channel = FileChannel.open(
        fresh,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      header = write(fresh, channel, content);
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      delete(fresh);
      throw e;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
    return new Run(file, header);
  }

  private static RunHeader write(Path file, FileChannel channel, RunContent content)
      throws IOException {
    RunOutput out = new RunOutput(channel, new BackgroundIo(file, () -> channel.force(false)));
    out.write(new byte[RunHeader.BYTES], RunHeader.BYTES);
    Map<Section, TreeRoot> roots = new EnumMap<>(Section.class);
    for (Section section : Section.values()) {
      TreeWriter tree = new TreeWriter(out);
      content.give(section, tree);
      roots.put(section, tree.end());
    }
    out.flush();
    RunHeader header = new RunHeader(content.stretch(), content.times(), out.offset(), roots);
    ByteBuffer bytes = ByteBuffer.wrap(header.bytes());
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    return header;
  }

  private String nextName(int cycle) {
    return String.format(
        Locale.ROOT, "%sF.%04d.events", Cycles.name(cycle), lastNumber.incrementAndGet());
  }

  /** Deletes a file; one that stays is deleted at the next start. */
  public void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", file, e.toString());
    }
  }
}
