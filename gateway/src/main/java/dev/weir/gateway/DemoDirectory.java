package dev.weir.gateway;

import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.data.DataDirectory;
import dev.weir.gateway.postgres.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The data directory of a demo, which begins empty each time: the events of a second run would all be
 * duplicates of the first's. Only a directory that a demo made is ever cleared.
 */
final class DemoDirectory {

  private static final String MARK = "made-by-weir-demo";

  private DemoDirectory() {}

  /** Makes or clears the directory; refuses one that holds anything else, or that is in use. */
  static void prepare(Path directory) {
    try {
      if (Files.exists(directory)) {
        if (!isEmpty(directory) && !Files.exists(directory.resolve(MARK))) {
          throw StartFailure.surroundings(
              "%s holds data that no demo made; the demo needs a directory of its own: choose another with --data."
                  .formatted(directory));
        }
        clear(directory);
      }
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(MARK), "A demo clears this directory when it starts.\n");
    } catch (IOException e) {
      throw StartFailure.surroundings(
          "cannot prepare %s for the demo: %s".formatted(directory, e.getMessage()));
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void clear(Path directory) throws IOException {
    // Held while it is cleared, so that no running Weir loses its files.
    DataDirectory held = DataDirectory.open(directory);
    try {
      EmbeddedServer.stopLeftOver(directory);
      List<Path> below;
      try (Stream<Path> all = Files.walk(directory)) {
        below = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : below) {
        if (!path.equals(directory)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      held.close();
    }
  }
}
