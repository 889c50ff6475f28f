package dev.weir.gateway.imports;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.reading.Rows;
import dev.weir.gateway.imports.resume.ImportCounts;
import dev.weir.gateway.rows.UnusableRow;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Maps a whole file and sends nothing. */
final class DryRun {

  private static final int EVENTS_SHOWN = 5;
  private static final int FAULTS_SHOWN = 10;

  private final PrintStream out;
  private final ByteWriter event = new ByteWriter(1_024);
  private long usable;
  private long unusable;

  DryRun(PrintStream out) {
    this.out = out;
  }

  /** Shows the first events and the first faults; rows that could be sent count as accepted. */
  ImportCounts run(Rows rows) throws IOException {
    out.println("The first events:");
    while (rows.next()) {
      try {
        event.clear();
        rows.write(usable + unusable + 1, event);
        show();
        usable++;
      } catch (UnusableRow why) {
        show(rows.line(), why);
        unusable++;
      }
    }
    return new ImportCounts(usable + unusable, new Verdicts(usable, 0, 0, unusable));
  }

  private void show() {
    if (usable < EVENTS_SHOWN) {
      out.println("  " + new String(event.array(), 0, event.length(), StandardCharsets.UTF_8));
    }
  }

  private void show(long line, UnusableRow why) {
    if (unusable < FAULTS_SHOWN) {
      String field = why.field() == null ? "" : " " + why.field();
      out.println("  line %d: %s%s: %s".formatted(line, why.code(), field, why.why()));
    }
  }
}
