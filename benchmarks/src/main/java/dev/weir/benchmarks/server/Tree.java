package dev.weir.benchmarks.server;

import dev.weir.benchmarks.harness.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

  /**
   * What a directory takes on the disk, as {@code du} counts its blocks: files of the journal are longer
   * than what was written to them. Throws IllegalStateException where there is no {@code du}.
   */
  public static long allocatedBytes(Path directory) throws InterruptedException {
    try {
      Process du = new ProcessBuilder("du", "-sk", directory.toString())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String printed = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (du.waitFor() != 0) {
        throw new IllegalStateException("du could not count " + directory);
      }
      return Long.parseLong(printed.substring(0, printed.indexOf('\t'))) << 10;
    } catch (IOException e) {
      throw new IllegalStateException("counting what " + directory + " takes needs du", e);
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
