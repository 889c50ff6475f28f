package dev.weir.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {

  @TempDir
  Path directory;

  @Test
  void holesOfAFileTakeNothingOnTheDisk() throws Exception {
    try (FileChannel file = FileChannel.open(
        directory.resolve("holed"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertEquals(1 << 20, file.write(ByteBuffer.allocate(1 << 20)));
      assertEquals(1, file.write(ByteBuffer.allocate(1), 64L << 20));
      file.force(true);
      assertEquals((64L << 20) + 1, file.size());
    }
    long bytes = Tree.allocatedBytes(directory);
    assertTrue(bytes >= 1 << 20 && bytes < 4 << 20, () -> bytes + " bytes");
  }

  @Test
  void whatIsNotThereCannotBeCounted() {
    assertThrows(IllegalStateException.class, () -> Tree.allocatedBytes(directory.resolve("none")));
  }
}
