package dev.weir.metering.explorer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.disk.BackgroundIo;
import dev.weir.metering.disk.PageAdvice;
import java.io.IOException;
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

  /** Remembers how long the file was at each step. */
  private static final class Steps implements PageAdvice {

    private final List<Long> sizes = new ArrayList<>(List.of(0L));

    @Override
    public void forget(Path file, long from, long to) {
      throw new AssertionError("runs are read again");
    }

    @Override
    public void writeOut(Path file, long from, long to) {
      throw new AssertionError("each step waits for the one before");
    }

    @Override
    public boolean writeOutInTurn(Path file) throws IOException {
      sizes.add(Files.size(file));
      return true;
    }
  }

  @Test
  void noStepIsLargerThanTheBuffer() throws Exception {
    Path file = directory.resolve("run");
    Steps steps = new Steps();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      RunOutput out = new RunOutput(channel, new BackgroundIo(file, steps, () -> {
        throw new AssertionError("not forced where pages can be written out");
      }));
      for (int i = 0; i < PAGES; i++) {
        out.write(new byte[PAGE_BYTES], PAGE_BYTES);
      }
      out.flush();
    }
    assertEquals(PAGES * PAGE_BYTES, Files.size(file));
    List<Long> sizes = steps.sizes;
    for (int i = 1; i < sizes.size(); i++) {
      assertTrue(sizes.get(i) - sizes.get(i - 1) <= BackgroundIo.BUFFER_BYTES, sizes::toString);
    }
    long left = Files.size(file) - sizes.get(sizes.size() - 1);
    assertTrue(left <= BackgroundIo.BUFFER_BYTES, "left for the end: " + left);
  }
}
