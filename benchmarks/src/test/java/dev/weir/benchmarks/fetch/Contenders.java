package dev.weir.benchmarks.fetch;

import dev.weir.benchmarks.harness.Console;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;

/** What tests of contenders need. */
public final class Contenders {

  private Contenders() {}

  static Console silence() {
    return new Console(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false);
  }

  /** Skips the test, saying why, where a contender is not here: no test downloads it. */
  public static void assumeThere(String name) throws Exception {
    try {
      ContenderFiles.fromHere(name);
    } catch (ContenderMissing e) {
      System.err.println("SKIPPED: " + e.getMessage());
      Assumptions.abort(e.getMessage());
    }
  }
}
