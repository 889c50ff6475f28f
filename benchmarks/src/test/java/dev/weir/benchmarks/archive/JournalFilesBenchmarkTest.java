package dev.weir.benchmarks.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few events, so that the benchmark cannot rot; the figures mean nothing. */
class JournalFilesBenchmarkTest {

  @TempDir
  Path directory;

  @Test
  void goesThroughTheLifeOfAJournal() throws Exception {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    JournalFilesBenchmark.run(
        directory.resolve("new"), 2, 3_000, new PrintStream(report, true, StandardCharsets.UTF_8));
    String text = report.toString(StandardCharsets.UTF_8);
    assertEquals(8, text.lines().count(), text);
    assertTrue(text.contains("check with the archive"), text);
  }
}
