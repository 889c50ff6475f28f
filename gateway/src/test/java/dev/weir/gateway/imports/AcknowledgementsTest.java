package dev.weir.gateway.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.client.IngestAnswer;
import dev.weir.gateway.client.IngestAnswer.EventVerdict;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.reading.Fingerprint;
import dev.weir.gateway.imports.resume.Again;
import dev.weir.gateway.imports.resume.Checkpoint;
import dev.weir.gateway.imports.resume.ImportFiles;
import dev.weir.gateway.imports.resume.ImportState;
import dev.weir.gateway.imports.resume.ImportState.Job;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.RowFault;
import dev.weir.gateway.rows.UnusableRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgementsTest {

  private static final Job JOB = new Job(new Fingerprint("ab", 10), "m", "i", "s", "k");

  @TempDir
  Path folder;

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private ImportFiles files;

  @BeforeEach
  void open() {
    files = ImportFiles.in(folder, "f", true);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private Acknowledgements acknowledgements(long refusedMax) {
    return new Acknowledgements(files, ImportState.start(JOB), clock, refusedMax, counts -> {});
  }

  /** Rows ten times the number and the four after it; the last cannot be an event. */
  private static ImportBatch batch(int number) throws IOException {
    ImportBatch batch = new ImportBatch(UTF_8);
    for (int row = number * 10; row < number * 10 + 5; row++) {
      ByteSource source =
          new ByteSource(new ByteArrayInputStream(("row " + row + "\r\n").getBytes(UTF_8)), 0, 1);
      while (source.take() != ByteSource.END) {
        // keeps the row
      }
      if (row % 10 < 4) {
        batch.addSent(row + 1, row, source);
      } else {
        batch.addUnusable(
            row + 1,
            row,
            source,
            new UnusableRow(RowFault.ROW_TIME_INVALID, "time", "'x' is no time"));
      }
    }
    batch.endsAt(new Checkpoint(number * 10L + 5, number * 100L, number * 10L + 6));
    return batch;
  }

  private static IngestAnswer answer() {
    return new IngestAnswer(
        "0:1",
        new Verdicts(1, 1, 1, 1),
        List.of(
            new EventVerdict(1, "b", "duplicate", null, null, null),
            new EventVerdict(2, "c", "conflict", null, null, null),
            new EventVerdict(3, "d", "rejected", "EVENT_TIME_INVALID", "no", "time")));
  }

  @Test
  void theStateMovesOnOnlyUpToTheFirstBatchWithoutAnAnswer() throws IOException {
    Acknowledgements acknowledgements = acknowledgements(100);
    acknowledgements.answered(1, batch(1), answer());
    assertEquals(Checkpoint.START, acknowledgements.state().done());
    acknowledgements.answered(0, batch(0), answer());
    assertEquals(new Checkpoint(15, 100, 16), acknowledgements.state().done());
    acknowledgements.answered(3, batch(3), answer());
    acknowledgements.close(false);
    ImportState saved = files.load(Again.CONTINUE);
    assertEquals(new Checkpoint(15, 100, 16), saved.done());
    assertEquals(new Verdicts(2, 2, 2, 4), saved.verdicts());
    assertEquals(Files.size(files.rejectedPath()), saved.rejectedBytes());
    List<String> lines = Files.readAllLines(files.rejectedPath());
    assertEquals(6, lines.size());
    assertEquals(
        "{\"line\":3,\"row\":2,\"verdict\":\"conflict\",\"code\":\"EVENT_CONFLICT\",\"field\":\"id\","
            + "\"message\":\"An event with this source and id is known with another content; the"
            + " first one stays.\",\"id\":\"c\",\"raw\":\"row 2\"}",
        lines.get(0));
    assertEquals(
        "{\"line\":4,\"row\":3,\"verdict\":\"rejected\",\"code\":\"EVENT_TIME_INVALID\","
            + "\"field\":\"time\",\"message\":\"no\",\"id\":\"d\",\"raw\":\"row 3\"}",
        lines.get(1));
    assertEquals(
        "{\"line\":5,\"row\":4,\"verdict\":\"rejected\",\"code\":\"ROW_TIME_INVALID\","
            + "\"field\":\"time\",\"message\":\"This row is left out: 'x' is no time.\","
            + "\"raw\":\"row 4\"}",
        lines.get(2));
    assertTrue(lines.get(3).startsWith("{\"line\":13,\"row\":12,"), lines.get(3));
  }

  @Test
  void theStateIsSavedNowAndThenAndRejectedRowsBeforeIt() throws IOException {
    Acknowledgements acknowledgements = acknowledgements(100);
    acknowledgements.answered(0, batch(0), answer());
    assertEquals(null, files.load(Again.CONTINUE));
    now = now.plusMillis(500);
    acknowledgements.answered(1, batch(1), answer());
    assertEquals(15, files.load(Again.CONTINUE).done().rows());
  }

  @Test
  void afterTheEndNothingIsSavedAnyMore() throws IOException {
    Acknowledgements acknowledgements = acknowledgements(100);
    acknowledgements.answered(0, batch(0), answer());
    acknowledgements.close(true);
    now = now.plusSeconds(10);
    acknowledgements.answered(1, batch(1), answer());
    assertEquals(5, files.load(Again.CONTINUE).done().rows());
    assertEquals(3, Files.readAllLines(files.rejectedPath()).size());
    assertTrue(files.load(Again.CONTINUE).complete());
  }

  @Test
  void tooManyRefusedRowsStopTheImport() throws IOException {
    Acknowledgements acknowledgements = acknowledgements(3);
    acknowledgements.answered(0, batch(0), answer());
    ImportBatch next = batch(1);
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> acknowledgements.answered(1, next, answer()));
    assertTrue(failure.text().contains("--rejected-max"), failure.text());
  }

  @Test
  void anAnswerForAnotherNumberOfEventsIsNoAnswer() throws IOException {
    ImportBatch batch = batch(0);
    IngestAnswer wrong = new IngestAnswer("", new Verdicts(5, 0, 0, 0), List.of());
    assertThrows(CommandFailure.class, () -> acknowledgements(100).answered(0, batch, wrong));
  }
}
