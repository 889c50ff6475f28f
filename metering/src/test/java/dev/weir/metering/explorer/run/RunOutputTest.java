package dev.weir.metering.explorer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.disk.BackgroundIo;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOutputTest {

  private static final int PAGE_BYTES = 8_140;
  private static final int PAGES = 1_000;

  @TempDir
  Path directory;

  @Test
  void noStepIsLargerThanTheBuffer() throws Exception {
    Path file = directory.resolve("run");
    List<Long> sizes = new ArrayList<>(List.of(0L));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      RunOutput out = new RunOutput(
          channel, new BackgroundIo(file, written -> sizes.add(Files.size(written)), () -> {
            throw new AssertionError("not forced where pages can be written out");
          }));
      for (int i = 0; i < PAGES; i++) {
        out.write(new byte[PAGE_BYTES], PAGE_BYTES);
      }
      out.flush();
    }
    assertEquals(PAGES * PAGE_BYTES, Files.size(file));
    for (int i = 1; i < sizes.size(); i++) {
      assertTrue(sizes.get(i) - sizes.get(i - 1) <= BackgroundIo.BUFFER_BYTES, sizes::toString);
    }
    long left = Files.size(file) - sizes.get(sizes.size() - 1);
    assertTrue(left <= BackgroundIo.BUFFER_BYTES, "left for the end: " + left);
  }
}
