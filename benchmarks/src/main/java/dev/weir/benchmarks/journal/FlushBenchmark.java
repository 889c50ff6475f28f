package dev.weir.benchmarks.journal;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Contender;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.ingest.LocalRuns;
import dev.weir.benchmarks.ingest.LocalSettings;
import dev.weir.benchmarks.load.ClosedLoop;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Section;
import dev.weir.benchmarks.server.Tree;
import dev.weir.benchmarks.server.Workspace;
import dev.weir.metering.journal.Flusher;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The disk alone: the bytes of frames written over blocks that exist, and flushed by fdatasync; beside
 * it the journal with the same flush after each frame.
 */
public final class FlushBenchmark {

  private static final long FILE_BYTES = 512L << 20;
  private static final int BLOCK_BYTES = 4_096;

  public static final Contender FLUSH = new Contender(
      "flush",
      "the disk's limit: the same bytes by pwrite and fdatasync",
      "A bare flush",
      "flushed by fdatasync; nothing was decoded, validated or deduplicated",
      options(),
      FlushBenchmark::run);

  private FlushBenchmark() {}

  private static List<Option> options() {
    List<Option> options = new ArrayList<>(LocalSettings.OPTIONS);
    options.add(new Option("frames", "N", "1", "frames that one bare flush makes durable"));
    return options;
  }

  private static Contender.Measured run(Options options, Console console) throws Exception {
    LocalSettings settings = LocalSettings.of(options);
    int together = (int) options.number("frames", 1, 1_000);
    Frames frames = new Frames(settings.shape(), InstantSource.system().instant());
    LocalRuns bare = new LocalRuns("pwrite and fdatasync");
    Path directory = Workspace.fresh(options);
    try (FileChannel file = FileChannel.open(
        directory.resolve("flush"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      console.progress("flush: writing blocks");
      allocate(file);
      for (int i = 1; i <= settings.runs(); i++) {
        console.progress("flush: run %d of %d".formatted(i, settings.runs()));
        bare.add(measured(settings, settings.warmUpMillis(i), frames, together, file));
      }
    } finally {
      Tree.delete(directory);
    }
    console.say(bare.rate().text());
    Contender.Measured journal =
        AppendBenchmark.run(options, console, Flusher.FORCE, "journal append with a flush");
    List<Section> sections = new ArrayList<>(
        List.of(bare.figures(), new Section.Percentiles("Each bare flush", bare.curve())));
    sections.addAll(journal.sections());
    List<Fact> facts = new ArrayList<>(journal.facts());
    facts.add(new Fact(
        "bare flush",
        String.format(
            Locale.ROOT,
            "%d frames, %,d bytes, over blocks that were written before",
            together,
            together * frames.frameBytes())));
    return new Contender.Measured(bare.rate(), facts, sections, List.of());
  }

  private static void allocate(FileChannel file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
      zeros.clear();
      write(file, zeros, at);
    }
    file.force(true);
  }

  private static ClosedLoop.Result measured(
      LocalSettings settings, long warmUpMillis, Frames frames, int together, FileChannel file)
      throws Exception {
    ByteBuffer bytes = ByteBuffer.allocateDirect(frames.frameBytes() * together + BLOCK_BYTES);
    long[] place = {0};
    long[] written = {0};
    ClosedLoop.Step flush = () -> {
      bytes.clear();
      for (int i = 0; i < together; i++) {
        bytes.put(frames.next());
      }
      bytes.flip();
      if (place[0] + bytes.remaining() > FILE_BYTES) {
        place[0] = 0;
      }
      int length = bytes.remaining();
      write(file, bytes, place[0]);
      file.force(false);
      place[0] += length;
      written[0] += length;
      return (long) settings.shape().eventsPerRequest() * together;
    };
    ClosedLoop.run(List.of(flush), 0, warmUpMillis, () -> written[0] < settings.bytesMax() / 4);
    written[0] = 0;
    return ClosedLoop.run(
        List.of(flush), 0, settings.measuredMillis(), () -> written[0] < settings.bytesMax());
  }

  private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += file.write(bytes, to);
    }
  }
}
