package dev.weir.benchmarks.explorer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small journal, so that the benchmark cannot rot; the figures mean nothing. */
class ExplorerBenchmarkTest {

  @TempDir
  Path directory;

  @Test
  void findsWhatItLooksForInASmallJournal() throws Exception {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    ExplorerLoad load =
        new ExplorerLoad(directory.resolve("journal"), 20_000, 20, 1_000, 120, 2, false);
    PrintStream out = new PrintStream(report, true, StandardCharsets.UTF_8);
    ExplorerBenchmark.run(load, out);
    // And once more over what is there.
    ExplorerBenchmark.run(load, out);
    String text = report.toString(StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e\\n]", "");
    assertTrue(text.contains("a customer's month, all pages, warm"), text);
    assertTrue(text.matches("(?s).*all pages, warm[^\\n]*found 1[^\\n]?000 each.*"), text);
    assertTrue(text.matches("(?s).*by its id, warm[^\\n]*found 1 each.*"), text);
  }
}
