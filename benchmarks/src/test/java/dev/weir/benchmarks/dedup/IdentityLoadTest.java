package dev.weir.benchmarks.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of the measurement, so that it cannot rot; the figures mean nothing. */
class IdentityLoadTest {

  @TempDir
  Path directory;

  @Test
  void itMeasuresAtEachSize() throws Exception {
    List<IdentityLoad.Row> rows = IdentityLoad.run(directory, List.of(1_000L, 20_000L), 1_000);
    assertEquals(
        List.of(1_000L, 20_000L), rows.stream().map(IdentityLoad.Row::held).toList());
    rows.forEach(row -> assertTrue(
        row.newPerSecond() > 0 && row.knownPerSecond() > 0 && row.memoryBytes() > 0,
        row.toString()));
  }
}
