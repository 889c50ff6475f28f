package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Benchmark;
import dev.weir.benchmarks.harness.Option;
import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.report.Fact;
import dev.weir.benchmarks.report.Report;
import dev.weir.benchmarks.report.Section;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Measurements in this process that print lines as they go, on a directory that may be kept. */
public final class Printed {

  private Printed() {}

  /** Measures in a directory and prints. */
  @FunctionalInterface
  public interface Measurement {
    void run(Options options, Path directory, PrintStream out) throws Exception;
  }

  /** Works in a directory. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Path directory) throws Exception;
  }

  /**
   * A benchmark of such a measurement.
   *
   * @param declared among them {@code dir}
   * @param facts what a reader must know of it, by the options
   */
  public static Benchmark benchmark(
      String name,
      String meaning,
      String title,
      List<Option> declared,
      Function<Options, List<Fact>> facts,
      Measurement measurement) {
    return new Benchmark(name, meaning, declared, (options, console) -> {
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      in(options, directory -> {
        PrintStream out = new PrintStream(both(console.out(), kept), true, StandardCharsets.UTF_8);
        measurement.run(options, directory, out);
        return directory;
      });
      List<String> lines = kept.toString(StandardCharsets.UTF_8).lines().toList();
      return new Report(
          name,
          title,
          facts.apply(options),
          List.of(new Section.Output("Lines", lines)),
          List.of());
    });
  }

  /** The directory that {@code --dir} names, which stays, or a fresh one, which goes. */
  public static <T> T in(Options options, Work<T> work) throws Exception {
    if (options.isGiven("dir")) {
      return work.in(options.path("dir"));
    }
    Path directory = Workspace.fresh(options);
    try {
      return work.in(directory.resolve("bench"));
    } finally {
      Tree.delete(directory);
    }
  }

  private static OutputStream both(OutputStream first, OutputStream second) {
    return new OutputStream() {
      @Override
      public void write(int b) throws java.io.IOException {
        first.write(b);
        second.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws java.io.IOException {
        first.write(bytes, from, count);
        second.write(bytes, from, count);
      }

      @Override
      public void flush() throws java.io.IOException {
        first.flush();
      }
    };
  }
}
