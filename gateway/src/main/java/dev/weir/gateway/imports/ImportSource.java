package dev.weir.gateway.imports;

import dev.weir.gateway.client.EventSource;
import dev.weir.gateway.imports.reading.Rows;
import dev.weir.gateway.imports.resume.Checkpoint;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;

/** Fills batches from the rows of a file. One thread at a time. */
final class ImportSource implements EventSource<ImportBatch> {

  /** Half of what a server takes by default, so that no row can take a body beyond it. */
  private static final int BODY_BYTES_MAX = 4 << 20;

  private final String file;
  private final Rows rows;
  private final int batchRows;
  private long number;

  /**
   * @param file its name, for messages
   * @param rowsBefore rows that come before the first one
   */
  ImportSource(String file, Rows rows, long rowsBefore, int batchRows) {
    this.file = file;
    this.rows = rows;
    this.number = rowsBefore;
    this.batchRows = batchRows;
  }

  @Override
  public boolean fill(ImportBatch batch) {
    try {
      while (batch.rows() < batchRows && batch.body().length() < BODY_BYTES_MAX && rows.next()) {
        number++;
        add(batch);
      }
      batch.endsAt(new Checkpoint(number, rows.source().offset(), rows.source().line()));
      return batch.rows() > 0;
    } catch (IOException e) {
      throw new CommandFailure("Reading %s failed after %d rows: %s".formatted(file, number, e));
    }
  }

  private void add(ImportBatch batch) throws IOException {
    int before = batch.body().length();
    try {
      rows.write(number, batch.body());
      batch.body().ascii('\n');
      batch.addSent(rows.line(), number, rows.source());
    } catch (UnusableRow why) {
      batch.body().truncate(before);
      batch.addUnusable(rows.line(), number, rows.source(), why);
    }
  }
}
