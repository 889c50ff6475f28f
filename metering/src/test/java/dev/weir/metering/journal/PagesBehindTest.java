package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import dev.weir.metering.disk.LinuxPageAdvice;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesBehindTest {

  private static final int MIB = 1024 * 1024;
  private static final int PAGE_BYTES = 4_096;

  private final PagesBehind behind = new PagesBehind(new LinuxPageAdvice(), 4 * MIB);

  @TempDir
  Path directory;

  @BeforeEach
  void needsAFileSystemOfADisk() throws IOException {
    assumeTrue(Platform.isLinux(), "only Linux is told to let go of pages");
    FileStore store = Files.getFileStore(directory);
    assumeTrue(!"tmpfs".equals(store.type()), "the temporary directory lies in memory alone");
  }

  private Path written(String name, byte[] content) throws IOException {
    Path path = directory.resolve(name);
    Files.write(path, content);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.force(false);
    }
    return path;
  }

  private static byte[] content(int mebibytes) {
    byte[] content = new byte[mebibytes * MIB];
    new Random(1).nextBytes(content);
    return content;
  }

  /** Of some mebibytes, the share of pages that is in memory, in percent. */
  private static int inMemory(Path path, int fromMebibyte, int mebibytes) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      MappedByteBuffer mapped =
          file.map(MapMode.READ_ONLY, (long) fromMebibyte * MIB, (long) mebibytes * MIB);
      int pages = mapped.capacity() / PAGE_BYTES;
      int loaded = 0;
      for (int page = 0; page < pages; page++) {
        if (mapped.slice(page * PAGE_BYTES, PAGE_BYTES).isLoaded()) {
          loaded++;
        }
      }
      return loaded * 100 / pages;
    }
  }

  @Test
  void letsGoOfWhatLiesFarBehindAndOfNothingElse() throws Exception {
    byte[] content = content(16);
    Path path = written("cycle", content);
    assertEquals(100, inMemory(path, 0, 16), "what was written is in memory");
    behind.written(path, 10L * MIB + 5_000);
    for (int mebibyte = 0; mebibyte < 6; mebibyte++) {
      assertEquals(0, inMemory(path, mebibyte, 1), "let go of: " + mebibyte);
    }
    assertEquals(100, inMemory(path, 6, 10), "kept");
    assertEquals(-1, Arrays.mismatch(content, Files.readAllBytes(path)));
  }

  @Test
  void goesOnWhereItWas() throws Exception {
    byte[] content = content(16);
    Path path = written("cycle", content);
    behind.written(path, 6L * MIB);
    assertEquals(0, inMemory(path, 0, 2));
    assertEquals(100, inMemory(path, 2, 14), "kept");
    // Somebody reads what was let go of: that stays.
    assertEquals(-1, Arrays.mismatch(content, Files.readAllBytes(path)));
    behind.written(path, 8L * MIB);
    assertEquals(100, inMemory(path, 0, 2), "let go of once");
    assertEquals(0, inMemory(path, 2, 1));
    assertEquals(0, inMemory(path, 3, 1));
  }

  @Test
  void beginsAnewWithEachFile() throws Exception {
    Path first = written("first", content(8));
    Path second = written("second", content(8));
    behind.written(first, 8L * MIB);
    behind.written(second, 5L * MIB);
    assertEquals(0, inMemory(first, 0, 4));
    assertEquals(100, inMemory(first, 4, 4), "the end of the one before stays");
    assertEquals(0, inMemory(second, 0, 1));
    assertEquals(100, inMemory(second, 1, 7), "kept");
  }

  @Test
  void aFileThatIsGoneIsNoFault() {
    Path gone = directory.resolve("gone");
    behind.written(gone, 100L * MIB);
    assertFalse(Files.exists(gone));
  }
}
