package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Names that survive a power cut: a new file or directory does only when what it lies in is forced. */
final class Directories {

  private Directories() {}

  /**
   * Makes sure that a directory exists and that its name is durable. Also where it existed: a predecessor
   * may have been killed before it had forced the name.
   */
  static void create(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null && Files.isReadable(parent)) {
      sync(parent);
    }
  }

  /** Makes the names in a directory durable. */
  static void sync(Path directory) throws IOException {
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
