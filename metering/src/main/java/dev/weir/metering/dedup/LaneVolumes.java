package dev.weir.metering.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed volumes of one journal lane: files beside its cycles, each for a stretch of its sequences,
 * and the list of what has expired. Together they cover the lane up to some sequence; what they do not
 * cover is read in the journal at the start.
 *
 * <p>Recovery works in the starting thread; after that, files change in the sealing thread only, at the
 * call of any thread.
 */
public final class LaneVolumes {

  private static final Logger LOG = LoggerFactory.getLogger(LaneVolumes.class);

  static final String UNFINISHED = ".new";
  private static final Pattern NAME = Pattern.compile("([0-9]{19})-([0-9]{19})\\.ids");

  private final int lane;
  private final Path directory;
  private final Identities identities;
  private final ExpiredStretches expired;

  /** What can be used, from the first sequence on; only during recovery. */
  private final List<Volume> usable = new ArrayList<>();

  /** What cannot; only during recovery. */
  private final List<Unusable> unusable = new ArrayList<>();

  private final Set<SealedSegment> segments = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unsealed = new AtomicInteger();

  /** A file that must be made anew. */
  private record Unusable(Path file, long first, long last, String reason) {}

  /**
   * What no segment covers.
   *
   * @param after where the journal must be read on; null for its beginning
   * @param last the last sequence to read; the greatest number there is for the rest of the journal
   */
  public record Gap(@Nullable Stretch after, long last) {

    public long first() {
      return after == null ? 1 : after.last() + 1;
    }
  }

  LaneVolumes(int lane, Path directory, Identities identities) {
    this.lane = lane;
    this.directory = directory;
    this.identities = identities;
    this.expired = new ExpiredStretches(identities.disk(), directory);
  }

  int lane() {
    return lane;
  }

  /** Looks at the heads of all segments, and gives how many identities those hold that are of use. */
  long scan(long nowSeconds) throws IOException {
    Files.createDirectories(directory);
    expired.load(identities.rules(), nowSeconds);
    List<Path> files;
    try (Stream<Path> found = Files.list(directory)) {
      files = found.sorted().toList();
    }
    long count = 0;
    for (Path file : files) {
      String name = file.getFileName().toString();
      Matcher matcher = NAME.matcher(name);
      if (name.endsWith(UNFINISHED)) {
        identities.disk().delete(file);
      } else if (matcher.matches()) {
        count += scan(
            file, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), nowSeconds);
      }
    }
    return count;
  }

  private long scan(Path file, long first, long last, long nowSeconds) throws IOException {
    try {
      SegmentHeader header = SealedSegment.header(file);
      String fault = fault(header, first, last);
      if (!fault.isEmpty()) {
        throw new SegmentDamaged(fault);
      }
      if (identities.rules().isExpired(header.newestSeconds(), nowSeconds)) {
        expired.add(header.stretch(), header.newestSeconds());
        identities.disk().delete(file);
        return 0;
      }
      SealedSegment segment = SealedSegment.open(file);
      segments.add(segment);
      usable.add(new Volume(this, segment));
      return header.count();
    } catch (IOException | SegmentDamaged e) {
      unusable.add(new Unusable(file, first, last, reason(e)));
      return 0;
    }
  }

  private static String reason(Exception e) {
    return e instanceof SegmentDamaged ? String.valueOf(e.getMessage()) : e.toString();
  }

  private String fault(SegmentHeader header, long first, long last) {
    if (header.lane() != lane) {
      return "belongs to lane " + header.lane();
    }
    if (header.stretch().first() != first || header.stretch().last() != last) {
      return "is of sequences %d to %d"
          .formatted(header.stretch().first(), header.stretch().last());
    }
    return header.fingerprint() == identities.fingerprint() ? "" : "made with another identity key";
  }

  /** Reads all usable segments whole into the tables. */
  void load() {
    usable.sort(Comparator.comparingLong(volume -> volume.stretch().first()));
    for (Volume volume : List.copyOf(usable)) {
      SealedSegment segment = segmentOf(volume);
      try {
        segment.forEach(high -> identities.indexOf(high).add(volume, high));
      } catch (IOException | SegmentDamaged e) {
        distrust(volume, reason(e));
      }
    }
  }

  private static SealedSegment segmentOf(Volume volume) {
    SealedSegment segment = volume.segment();
    if (segment == null) {
      throw new IllegalStateException("the volume is not sealed");
    }
    return segment;
  }

  private void distrust(Volume volume, String reason) {
    SealedSegment segment = segmentOf(volume);
    identities.abandon(volume);
    usable.remove(volume);
    segments.remove(segment);
    segment.close();
    unusable.add(
        new Unusable(segment.file(), volume.stretch().first(), volume.stretch().last(), reason));
  }

  /** Where the segments end; null when there are none and nothing has expired. */
  public @Nullable Stretch end() {
    return covered().stream().max(Comparator.comparingLong(Stretch::last)).orElse(null);
  }

  /** The journal does not go on where the segments end: what ends there is not of this journal. */
  public void distrustEnd() {
    long last = covered().stream().mapToLong(Stretch::last).max().orElse(0);
    for (Volume volume : List.copyOf(usable)) {
      if (volume.stretch().last() == last) {
        distrust(volume, "the journal has no frame that ends where it ends");
      }
    }
    expired.distrust(last);
  }

  private List<Stretch> covered() {
    List<Stretch> covered = new ArrayList<>(expired.stretches());
    usable.forEach(volume -> covered.add(volume.stretch()));
    covered.sort(Comparator.comparingLong(Stretch::first));
    return covered;
  }

  /** What is missing, in order; at the end always the rest of the journal. */
  public List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    Stretch before = null;
    for (Stretch next : covered()) {
      long reached = before == null ? 0 : before.last();
      if (next.first() > reached + 1) {
        gaps.add(new Gap(before, next.first() - 1));
      }
      before = next.last() > reached ? next : before;
    }
    gaps.add(new Gap(before, Long.MAX_VALUE));
    return gaps;
  }

  /** Starts to make volumes for what is missing. */
  public VolumeRecorder recorder(Gap gap, long nowSeconds) {
    unusable.stream()
        .filter(file -> file.last() >= gap.first() && file.first() <= gap.last())
        .forEach(file -> LOG.warn("{}: {}; making it anew", file.file(), file.reason()));
    return new VolumeRecorder(this, identities, gap, nowSeconds);
  }

  /**
   * The journal no longer has some sequences that no usable segment covers.
   *
   * @throws IdentitiesLost when a damaged segment did
   */
  void missing(long first, long last) {
    for (Unusable file : unusable) {
      if (file.last() >= first && file.first() <= last) {
        throw new IdentitiesLost(
            ("%s: %s, and the journal no longer holds sequences %d to %d to make it anew. Restore the"
                    + " file or the journal, or delete the file to accept that events with these"
                    + " identities may be counted again")
                .formatted(file.file(), file.reason(), first, last));
      }
    }
    LOG.warn(
        "lane {}: neither a segment nor the journal holds sequences {} to {}: their identities are"
            + " not known",
        lane,
        first,
        last);
  }

  /** Ends recovery: all that is missing has been read, so what cannot be used may go. */
  public void recovered() throws IOException {
    for (Unusable file : unusable) {
      boolean madeAnew = segments.stream().anyMatch(segment -> segment.file().equals(file.file()));
      if (!madeAnew) {
        identities.disk().delete(file.file());
      }
    }
    expired.save();
    identities.disk().forceDirectory(directory);
    usable.clear();
    unusable.clear();
  }

  /** Notes during recovery that a stretch holds nothing to be remembered. */
  void noteExpired(Stretch stretch, long newestSeconds) {
    expired.add(stretch, newestSeconds);
  }

  /** Volumes that wait to be sealed. */
  int unsealed() {
    return unsealed.get();
  }

  /** Has a frozen volume sealed; the caller goes on using its memory until it is. */
  void seal(Volume volume) {
    unsealed.incrementAndGet();
    volume.useMemory();
    identities.sealer().submit(new Sealer.Task() {
      @Override
      public void run() throws IOException {
        if (volume.isUsed()) {
          SealedSegment segment = write(volume);
          segments.add(segment);
          volume.seal(segment);
        }
        unsealed.decrementAndGet();
        volume.releaseMemory();
      }

      @Override
      public void drop() {
        volume.releaseMemory();
      }
    });
  }

  private SealedSegment write(Volume volume) throws IOException {
    Stretch stretch = volume.stretch();
    SegmentHeader header = new SegmentHeader(
        lane,
        stretch,
        volume.oldestSeconds(),
        volume.newestSeconds(),
        identities.fingerprint(),
        volume.memory().count(),
        SegmentLayout.of(volume.memory().count()));
    Path file = directory.resolve(
        String.format(Locale.ROOT, "%019d-%019d.ids", stretch.first(), stretch.last()));
    Path unfinished = directory.resolve(file.getFileName() + UNFINISHED);
    SegmentDisk disk = identities.disk();
    try {
      try (FileChannel channel = disk.create(unfinished)) {
        SegmentWriter.write(disk, channel, volume.memory(), header);
        disk.force(channel);
      }
      disk.rename(unfinished, file);
      disk.forceDirectory(directory);
      return SealedSegment.open(file);
    } catch (SegmentDamaged e) {
      throw new IOException("%s: does not read back: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      // What is left of it would keep the room that is missing.
      disk.delete(unfinished);
      throw e;
    }
  }

  /** Nobody uses the volume any more, as it has expired: its file goes. */
  void forget(Volume volume) {
    submitForgetting(volume.stretch(), volume.newestSeconds(), volume);
  }

  /** Notes that a stretch holds no identities. */
  void skip(Stretch stretch) {
    submitForgetting(stretch, 0, null);
  }

  private void submitForgetting(Stretch stretch, long newestSeconds, @Nullable Volume volume) {
    identities.sealer().submit(new Sealer.Task() {
      @Override
      public void run() throws IOException {
        expired.add(stretch, newestSeconds);
        try {
          expired.save();
        } catch (IOException e) {
          // Deleting makes room; without the note, the next start reads the journal once more.
          LOG.warn("lane {}: cannot note what has expired: {}", lane, e.toString());
        }
        SealedSegment segment = volume == null ? null : volume.segment();
        if (segment != null) {
          segment.close();
          identities.disk().delete(segment.file());
          segments.remove(segment);
        }
      }

      @Override
      public void drop() {
        // At the next start the file is found to have expired.
      }
    });
  }

  /** Up to which sequence segments have all that is remembered, without a gap. Any thread. */
  public long sealedTo() {
    List<Stretch> stretches = new ArrayList<>();
    segments.forEach(segment -> stretches.add(segment.header().stretch()));
    stretches.sort(Comparator.comparingLong(Stretch::first));
    long sealed = stretches.isEmpty() ? 0 : stretches.get(0).last();
    for (Stretch next : stretches) {
      if (next.first() > sealed + 1) {
        return sealed;
      }
      sealed = Math.max(sealed, next.last());
    }
    return sealed;
  }

  int segments() {
    return segments.size();
  }

  long diskBytes() {
    return segments.stream().mapToLong(SealedSegment::fileBytes).sum();
  }

  long memoryBytes() {
    return segments.stream().mapToLong(SealedSegment::memoryBytes).sum();
  }

  void close() {
    try {
      segments.forEach(SealedSegment::close);
    } catch (UncheckedIOException e) {
      LOG.warn("lane {}: {}", lane, e.toString());
    }
  }
}
