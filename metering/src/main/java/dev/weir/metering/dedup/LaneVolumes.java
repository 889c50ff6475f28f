package dev.weir.metering.dedup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the volumes of one journal lane cover at a start: sealed segments beside its cycles, each for a
 * stretch of its sequences, and what has expired. What they do not cover is read in the journal. Confined
 * to the starting thread.
 */
public final class LaneVolumes {

  private static final Logger LOG = LoggerFactory.getLogger(LaneVolumes.class);

  private static final Pattern NAME = Pattern.compile("([0-9]{19})-([0-9]{19})\\.ids");

  private final int lane;
  private final Path directory;
  private final Identities identities;
  private final ExpiredStretches expired;

  /** What can be used, from the first sequence on. */
  private final List<Volume> usable = new ArrayList<>();

  /** What cannot. */
  private final List<Unusable> unusable = new ArrayList<>();

  private final LaneSegments segments;

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
    this.segments = new LaneSegments(lane, directory, identities, expired);
  }

  int lane() {
    return lane;
  }

  LaneSegments segments() {
    return segments;
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
      if (name.endsWith(LaneSegments.UNFINISHED)) {
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
      usable.add(new Volume(segments, segment));
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
    segments.noteComplete(first, last);
    LOG.warn(
        "lane {}: neither a segment nor the journal holds sequences {} to {}: their identities are"
            + " not known",
        lane,
        first,
        last);
  }

  /** Ends recovery: all that is missing has been read, so what cannot be used may go. */
  public void recovered() throws IOException {
    boolean deleted = false;
    for (Unusable file : unusable) {
      if (!segments.holds(file.file())) {
        identities.disk().delete(file.file());
        deleted = true;
      }
    }
    if (deleted) {
      // A segment that is not of this journal must not come back when new frames are where it ends.
      identities.disk().forceDirectory(directory);
    }
    segments.saveExpired();
    covered().forEach(stretch -> segments.noteComplete(stretch.first(), stretch.last()));
    usable.clear();
    unusable.clear();
  }

  /** Notes that a stretch holds nothing to be remembered. */
  void noteExpired(Stretch stretch, long newestSeconds) {
    expired.add(stretch, newestSeconds);
  }

  /**
   * The last sequence up to which segments are complete: no start needs what the journal has before, unless
   * one is lost or damaged. Thread-safe.
   */
  public long sealedTo() {
    return segments.completeTo();
  }
}
