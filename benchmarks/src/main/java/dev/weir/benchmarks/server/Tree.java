package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The source tree that runs, and directories that come and go. */
public final class Tree {

  private Tree() {}

  /** The root of the source tree, as the launcher or the build names it. */
  public static Path root() {
    String home = System.getProperty("weir.home", System.getProperty("weir.root", "."));
    return Path.of(home).toAbsolutePath().normalize();
  }

  /** Where reports are kept, and what else is worth keeping. */
  public static Path reports(Options options) {
    return options.isDeclared("report") && options.isGiven("report")
        ? options.path("report")
        : root().resolve("bench-reports");
  }

  /** A fresh directory below another, which is made if need be. */
  public static Path fresh(Path parent) {
    try {
      return Files.createTempDirectory(Files.createDirectories(parent), "weir-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : paths) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
