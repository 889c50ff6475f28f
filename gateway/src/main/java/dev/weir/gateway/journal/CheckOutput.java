package dev.weir.gateway.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.metering.archive.ArchiveTarget;
import dev.weir.metering.archive.CheckProblem;
import dev.weir.metering.archive.CheckTotals;
import dev.weir.metering.archive.JournalCheck;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a check and prints each problem as it is found, one a line, then what was read and how fast. */
final class CheckOutput {

  private final PrintStream out;
  private final boolean json;

  CheckOutput(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** Gives the exit code. */
  int run(Path journal, Optional<ArchiveTarget> archive) throws IOException {
    long startNanos = System.nanoTime();
    CheckTotals totals = new JournalCheck(journal, archive, this::print).run();
    long micros = Math.max(1, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos));
    out.println(json ? summary(totals, micros).toString() : text(totals, micros));
    return totals.problems() == 0 ? 0 : 1;
  }

  private void print(CheckProblem problem) {
    if (!json) {
      out.println(problem.text());
      return;
    }
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("place", problem.place());
    if (problem.lane() >= 0) {
      line.put("lane", problem.lane());
    }
    if (problem.cycle() != null) {
      line.put("cycle", problem.cycle());
    }
    if (problem.offset() >= 0) {
      line.put("offset", problem.offset());
    }
    if (problem.afterSequence() >= 0) {
      line.put("afterSequence", problem.afterSequence());
    }
    out.println(line.put("problem", problem.what()));
  }

  private static ObjectNode summary(CheckTotals totals, long micros) {
    return Json.MAPPER
        .createObjectNode()
        .put("sound", totals.problems() == 0)
        .put("problems", totals.problems())
        .put("cycles", totals.cycles())
        .put("frames", totals.frames())
        .put("records", totals.records())
        .put("bytes", totals.bytes())
        .put("archivedCycles", totals.archived())
        .put("archivedBytes", totals.archivedBytes())
        .put("micros", micros);
  }

  private static String text(CheckTotals totals, long micros) {
    String archived = totals.archived() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "; %,d archived cycles, %,d bytes read back",
            totals.archived(),
            totals.archivedBytes());
    return String.format(
        Locale.ROOT,
        "%s: %,d cycles, %,d frames, %,d records, %,d bytes%s; %,d ms, %,d events/s, %,d MB/s",
        totals.problems() == 0 ? "sound" : totals.problems() + " problems",
        totals.cycles(),
        totals.frames(),
        totals.records(),
        totals.bytes(),
        archived,
        micros / 1_000,
        totals.records() * 1_000_000L / micros,
        (totals.bytes() + totals.archivedBytes()) / micros);
  }
}
