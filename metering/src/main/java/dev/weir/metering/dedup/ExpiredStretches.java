package dev.weir.metering.dedup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sequences of a journal lane need no segment, because what they hold has expired; without it each
 * start would read them in the journal only to find that out. Kept in a small text file, one stretch a
 * line (first and last sequence, location of the last frame, newest receive second), and a checksum.
 * Losing it costs only that reading. Confined to one thread at a time.
 */
final class ExpiredStretches {

  private static final Logger LOG = LoggerFactory.getLogger(ExpiredStretches.class);

  static final String FILE = "expired";

  /** The newest receive second of a stretch that holds nothing to be remembered. */
  static final long NOTHING = -1;

  /** A stretch and the latest receive time in it. */
  record Expired(Stretch stretch, long newestSeconds) {

    boolean holds(IdentityRules rules, long nowSeconds) {
      return newestSeconds == NOTHING || rules.isExpired(newestSeconds, nowSeconds);
    }
  }

  private final SegmentDisk disk;
  private final Path directory;
  private List<Expired> entries = new ArrayList<>();
  private boolean changed;

  ExpiredStretches(SegmentDisk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /** Reads the file; keeps only what has still expired, as the horizon may be longer than it was. */
  void load(IdentityRules rules, long nowSeconds) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    try {
      entries = parse(Files.readAllLines(file, StandardCharsets.UTF_8));
      changed = entries.removeIf(entry -> !entry.holds(rules, nowSeconds));
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      LOG.warn("{}: not usable, the journal is read instead: {}", file, e.toString());
    }
  }

  private static List<Expired> parse(List<String> lines) {
    if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(seal(lines, lines.size() - 1))) {
      throw new IllegalArgumentException("checksum mismatch");
    }
    List<Expired> parsed = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      String[] fields = line.split(" ", 5);
      parsed.add(new Expired(
          new Stretch(
              Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])),
          Long.parseLong(fields[3])));
    }
    return parsed;
  }

  private static String seal(List<String> lines, int count) {
    CRC32C crc = new CRC32C();
    for (String line : lines.subList(0, count)) {
      crc.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return String.format(Locale.ROOT, "crc32c %08x", (int) crc.getValue());
  }

  List<Stretch> stretches() {
    return entries.stream().map(Expired::stretch).toList();
  }

  /** Drops what claims to end there. */
  void distrust(long last) {
    changed |= entries.removeIf(entry -> entry.stretch().last() == last);
  }

  /** Notes a stretch; neighbours become one, so that there are no more than there are gaps between. */
  void add(Stretch stretch, long newestSeconds) {
    List<Expired> sorted = new ArrayList<>(entries);
    sorted.add(new Expired(stretch, newestSeconds));
    sorted.sort(Comparator.comparingLong(entry -> entry.stretch().first()));
    List<Expired> merged = new ArrayList<>();
    for (Expired entry : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && entry.stretch().first() <= merged.get(last).stretch().last() + 1) {
        merged.set(last, merge(merged.get(last), entry));
      } else {
        merged.add(entry);
      }
    }
    entries = merged;
    changed = true;
  }

  private static Expired merge(Expired a, Expired b) {
    Stretch later = b.stretch().last() >= a.stretch().last() ? b.stretch() : a.stretch();
    return new Expired(
        new Stretch(a.stretch().first(), later.last(), later.location()),
        Math.max(a.newestSeconds(), b.newestSeconds()));
  }

  /** Makes durable what was added. */
  void save() throws IOException {
    if (!changed) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (Expired entry : entries) {
      Stretch stretch = entry.stretch();
      lines.add(stretch.first() + " " + stretch.last() + " " + stretch.location() + " "
          + entry.newestSeconds());
    }
    lines.add(seal(lines, lines.size()));
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Path fresh = directory.resolve(FILE + LaneSegments.UNFINISHED);
    try (FileChannel channel = disk.create(fresh)) {
      disk.write(channel, ByteBuffer.wrap(text));
      disk.force(channel);
    }
    disk.rename(fresh, directory.resolve(FILE));
    disk.forceDirectory(directory);
    changed = false;
  }
}
