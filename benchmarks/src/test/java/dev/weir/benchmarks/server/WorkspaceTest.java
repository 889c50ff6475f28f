package dev.weir.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.harness.Options;
import dev.weir.benchmarks.harness.UsageFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

  @TempDir
  Path directory;

  private Options options(String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("--data=" + directory));
    words.addAll(List.of(more));
    return Options.parse(Workspace.OPTIONS, words);
  }

  @Test
  void aFreshDirectoryIsEmptyUnlessMemoryIsToBeTouched() throws Exception {
    Path fresh = Workspace.fresh(options());
    assertEquals(directory, fresh.getParent());
    try (var files = Files.list(fresh)) {
      assertEquals(0, files.count());
    }
    UsageFailure refused =
        assertThrows(UsageFailure.class, () -> Workspace.fresh(options("--touch-memory=maybe")));
    assertTrue(refused.getMessage().contains("--touch-memory must be yes or no"));
  }

  @Test
  void whatIsTouchedIsReadToTheLastByte() throws Exception {
    Path file = directory.resolve("memory");
    long bytes = (64L << 20) + 12_345;
    assertEquals(bytes, HostMemory.touch(file, bytes));
    assertEquals(bytes, Files.size(file));
  }

  @Test
  void freeMemoryIsWhatTheKernelSays() throws Exception {
    Path meminfo = Files.writeString(
        directory.resolve("meminfo"),
        "MemTotal:  24684092 kB\nMemFree:    2048 kB\nCached: 7 kB\n");
    assertEquals(2L << 20, HostMemory.freeBytes(meminfo));
    assertEquals(0, HostMemory.freeBytes(directory.resolve("none")));
    assertEquals(0, HostMemory.freeBytes(Files.writeString(directory.resolve("odd"), "Mem: 1")));
  }
}
