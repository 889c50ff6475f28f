package dev.weir.benchmarks.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small journal, so that the benchmark cannot rot; the figures mean nothing. */
class ReplayBenchmarkIT {

  @TempDir
  Path directory;

  @Test
  void readsFoldsAndBackfillsASmallJournal() throws Exception {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    ReplayLoad load = new ReplayLoad(directory, 20_000, 3, 10, 2);
    ReplayBenchmark.run(load, new PrintStream(report, true, StandardCharsets.UTF_8));
    String text = report.toString(StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e\\n]", "");
    for (String what : new String[] {"count", "sum-of-integers", "sum-of-decimals", "max"}) {
      assertTrue(text.matches("(?s).*fold " + what + "[^\\n]*counted 10.?000.*"), text);
      assertTrue(
          text.matches("(?s).*backfill " + what + "[^\\n]*completed, counted 10.?000.*"), text);
    }
  }
}
