package dev.weir.benchmarks.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.benchmarks.harness.Console;
import dev.weir.benchmarks.harness.Options;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetIT {

  @TempDir
  Path directory;

  private List<Path> left() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void thePostgresOfAServerThatWasKilledGoesWithItsFiles() throws Exception {
    Console silent = new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
    Options options =
        Options.parse(Target.options(), List.of("--heap=256m", "--data=" + directory));
    ProcessHandle postmaster;
    try (Target target = Target.weir(options, silent)) {
      Path file = left().get(0).resolve("data/postgres/postmaster.pid");
      postmaster = ProcessHandle.of(
              Long.parseLong(Files.readAllLines(file).get(0).strip()))
          .orElseThrow();
      ProcessHandle server = target.handle().orElseThrow();
      server.destroyForcibly();
      server.onExit().join();
      assertTrue(postmaster.isAlive());
    }
    assertFalse(postmaster.isAlive());
    assertEquals(List.of(), left());
  }
}
