package dev.weir.metering.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundIoTest {

  private static final int KIB = 1024;

  @TempDir
  Path directory;

  private final List<String> done = new ArrayList<>();

  /** A system that can or cannot write pages out. */
  private BackgroundIo.WriteOut system(boolean can) {
    return file -> {
      done.add("out " + file);
      return can;
    };
  }

  private BackgroundIo writing(BackgroundIo.WriteOut writeOut) {
    return new BackgroundIo(Path.of("run"), writeOut, () -> done.add("forced"));
  }

  @Test
  void isWrittenOutInSmallStepsAndNotForced() throws Exception {
    BackgroundIo steps = writing(system(true));
    for (int i = 0; i < 64; i++) {
      steps.wrote(100 * KIB);
    }
    // Each second brings more than half a buffer together.
    assertEquals(Collections.nCopies(32, "out run"), done);
  }

  @Test
  void isForcedEachMebibyteWherePagesCannotBeWrittenOut() throws Exception {
    BackgroundIo steps = writing(system(false));
    for (int i = 0; i < 8; i++) {
      steps.wrote(256 * KIB);
    }
    List<String> mebibyte = List.of("out run", "out run", "out run", "out run", "forced");
    List<String> expected = new ArrayList<>(mebibyte);
    expected.addAll(mebibyte);
    assertEquals(expected, done);
  }

  @Test
  void saysWhenTheDiskDidNotTakeIt() throws Exception {
    BackgroundIo steps = writing(file -> {
      throw new IOException("no disk");
    });
    steps.wrote(127 * KIB);
    assertThrows(IOException.class, () -> steps.wrote(KIB));
  }

  @Test
  void theSystemWritesPagesOutAndSaysWhereItCannot() throws Exception {
    assumeTrue(Platform.isLinux(), "only Linux can be told to write pages out");
    LinuxPageAdvice advice = new LinuxPageAdvice();
    Path file = directory.resolve("run");
    Files.write(file, new byte[512 * KIB]);
    assertTrue(advice.writeOutInTurn(file));
    assertTrue(advice.writeOutInTurn(file));
    assertFalse(advice.writeOutInTurn(directory.resolve("gone")));
    // Not a file with pages: the call is refused, which is no fault of a disk.
    assertFalse(advice.writeOutInTurn(Path.of("/dev/zero")));
  }
}
