package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeparateFlushTest {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir
  Path directory;

  private long open(Path file) throws IOException {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not list open descriptors");
    Path real = file.toRealPath();
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      return descriptors.filter(descriptor -> pointsTo(descriptor, real)).count();
    }
  }

  private static boolean pointsTo(Path descriptor, Path real) {
    try {
      return Files.readSymbolicLink(descriptor).equals(real);
    } catch (IOException e) {
      // Closed meanwhile.
      return false;
    }
  }

  @Test
  void holdsOneDescriptorFromFileToFile() throws Exception {
    Path first = Files.createFile(directory.resolve("first"));
    Path second = Files.createFile(directory.resolve("second"));
    try (SeparateFlush flush = new SeparateFlush()) {
      flush.flush(first);
      flush.flush(first);
      assertEquals(1, open(first));
      flush.flush(second);
      assertEquals(0, open(first));
      assertEquals(1, open(second));
    }
    assertEquals(0, open(second));
  }

  @Test
  void aFileThatIsGoneIsAnErrorAndTheNextIsFlushed() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (SeparateFlush flush = new SeparateFlush()) {
      flush.flush(file);
      assertThrows(NoSuchFileException.class, () -> flush.flush(directory.resolve("gone")));
      assertEquals(0, open(file));
      flush.flush(file);
      assertEquals(1, open(file));
    }
  }
}
