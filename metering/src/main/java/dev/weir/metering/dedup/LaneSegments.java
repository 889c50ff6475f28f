package dev.weir.metering.dedup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of one journal lane: has volumes sealed and deletes what has expired. Files change in
 * the sealing thread only, at the call of any thread; during a start, in the starting thread.
 */
final class LaneSegments {

  private static final Logger LOG = LoggerFactory.getLogger(LaneSegments.class);

  /** How a file that is not complete is named at the end. */
  static final String UNFINISHED = ".new";

  private final int lane;
  private final Path directory;
  private final Identities identities;
  private final ExpiredStretches expired;
  private final Set<SealedSegment> segments = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unsealed = new AtomicInteger();
  private final SpareMemory spareMemory;

  /** Stretches for which no start reads the journal, when there is one before them for which it does. */
  private final TreeMap<Long, Long> completeBeyond = new TreeMap<>();

  /** The last sequence before the first such one. */
  private long completeTo;

  LaneSegments(int lane, Path directory, Identities identities, ExpiredStretches expired) {
    this.lane = lane;
    this.directory = directory;
    this.identities = identities;
    this.expired = expired;
    this.spareMemory = new SpareMemory(identities.sealer(), lane < identities.lanes());
  }

  /** Memory for the next volume. */
  SpareMemory spareMemory() {
    return spareMemory;
  }

  /** Volumes that wait to be sealed. */
  int unsealed() {
    return unsealed.get();
  }

  /** Whether the last attempt to write or delete a segment, of any lane, failed. Thread-safe. */
  boolean failsToSeal() {
    return identities.sealer().failure() != null;
  }

  /** Has a frozen volume sealed; the caller goes on using its memory until it is. */
  void seal(Volume volume) {
    unsealed.incrementAndGet();
    volume.useMemory();
    identities.sealer().submit(new VolumeSealer.Task() {
      @Override
      public void run() throws IOException {
        if (volume.isUsed()) {
          SealedSegment segment = write(volume);
          segments.add(segment);
          volume.seal(segment);
        }
        noteComplete(volume.stretch().first(), volume.stretch().last());
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
        SegmentWriter.write(disk, unfinished, channel, volume.memory(), header);
        disk.force(channel);
      }
      disk.rename(unfinished, file);
      disk.forceDirectory(directory);
      return SealedSegment.open(file);
    } catch (SegmentDamaged e) {
      throw new IOException("%s: does not read back: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      deleteUnfinished(unfinished, e);
      throw e;
    }
  }

  /** What is left of it would keep the room that is missing. */
  private void deleteUnfinished(Path file, IOException cause) {
    try {
      identities.disk().delete(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Nobody uses the volume any more, as it has expired: its file goes. */
  void forget(Volume volume) {
    submitForgetting(volume.stretch(), volume.newestSeconds(), volume);
  }

  /** Notes that a stretch holds no identities. */
  void skip(Stretch stretch) {
    submitForgetting(stretch, ExpiredStretches.NOTHING, null);
  }

  private void submitForgetting(Stretch stretch, long newestSeconds, @Nullable Volume volume) {
    identities.sealer().submit(new VolumeSealer.Task() {
      @Override
      public void run() throws IOException {
        expired.add(stretch, newestSeconds);
        saveExpired();
        noteComplete(stretch.first(), stretch.last());
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

  /** Notes what has expired. */
  void saveExpired() {
    try {
      expired.save();
    } catch (IOException e) {
      // Without the note, the next start reads the journal once more.
      LOG.warn("lane {}: cannot note what has expired: {}", lane, e.toString());
    }
  }

  /** Notes that no start will read these sequences in the journal. Thread-safe. */
  synchronized void noteComplete(long first, long last) {
    completeBeyond.merge(first, last, Math::max);
    while (!completeBeyond.isEmpty() && completeBeyond.firstKey() <= completeTo + 1) {
      completeTo = Math.max(completeTo, completeBeyond.pollFirstEntry().getValue());
    }
  }

  synchronized long completeTo() {
    return completeTo;
  }

  void add(SealedSegment segment) {
    segments.add(segment);
  }

  void remove(SealedSegment segment) {
    segments.remove(segment);
  }

  boolean holds(Path file) {
    return segments.stream().anyMatch(segment -> segment.file().equals(file));
  }

  int count() {
    return segments.size();
  }

  long diskBytes() {
    return segments.stream().mapToLong(SealedSegment::fileBytes).sum();
  }

  long memoryBytes() {
    return segments.stream().mapToLong(SealedSegment::memoryBytes).sum() + spareMemory.bytes();
  }

  void close() {
    try {
      segments.forEach(SealedSegment::close);
    } catch (UncheckedIOException e) {
      LOG.warn("lane {}: {}", lane, e.toString());
    }
  }
}
