package dev.weir.gateway.imports.resume;

import dev.weir.gateway.client.Verdicts;
import java.util.Locale;

/**
 * What became of rows.
 *
 * @param rows all of them
 * @param verdicts one for each row; rows that are no events count as rejected
 */
public record ImportCounts(long rows, Verdicts verdicts) {

  public static final ImportCounts NONE = new ImportCounts(0, Verdicts.NONE);

  public ImportCounts plus(ImportCounts other) {
    return new ImportCounts(rows + other.rows, verdicts.plus(other.verdicts));
  }

  /** Whether some rows were not taken as they are. */
  public boolean hasRefused() {
    return verdicts.conflicts() + verdicts.rejected() > 0;
  }

  public long refused() {
    return verdicts.conflicts() + verdicts.rejected();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d rows, %d accepted, %d duplicates, %d conflicts, %d rejected",
        rows,
        verdicts.accepted(),
        verdicts.duplicates(),
        verdicts.conflicts(),
        verdicts.rejected());
  }
}
