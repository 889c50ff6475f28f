package dev.weir.gateway.imports;

import dev.weir.gateway.client.EventSender;
import dev.weir.gateway.client.IngestAnswer;
import dev.weir.gateway.client.IngestAnswer.EventVerdict;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.imports.resume.Checkpoint;
import dev.weir.gateway.imports.resume.ImportCounts;
import dev.weir.gateway.imports.resume.ImportFiles;
import dev.weir.gateway.imports.resume.ImportState;
import dev.weir.gateway.imports.resume.RefusedRow;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts the answers in the order of the file: rejected rows are written and the state moves on only up
 * to the first batch that is not acknowledged. Thread-safe; holds the answers of as many batches as
 * may be ahead of that one.
 */
final class Acknowledgements implements EventSender.Listener<ImportBatch> {

  /** At most so much is sent again after a crash. */
  private static final long SAVE_MILLIS = 500;

  /** What a batch changes once all before it are acknowledged. */
  private record Outcome(Checkpoint end, Verdicts verdicts, List<RefusedRow> refused) {}

  private final ImportFiles files;
  private final InstantSource clock;
  private final long refusedMax;
  private final Consumer<ImportCounts> progress;
  private final TreeMap<Long, Outcome> early = new TreeMap<>();
  private long nextNumber;
  private ImportState state;
  private long savedMillis;
  private long unclearRows;
  private boolean closed;

  /**
   * @param state to go on from
   * @param refusedMax rejected rows and conflicts before the import stops
   * @param progress told after each batch; must be quick
   */
  Acknowledgements(
      ImportFiles files,
      ImportState state,
      InstantSource clock,
      long refusedMax,
      Consumer<ImportCounts> progress) {
    this.files = files;
    this.state = state;
    this.clock = clock;
    this.refusedMax = refusedMax;
    this.progress = progress;
    this.savedMillis = clock.millis();
  }

  @Override
  public void answered(long number, ImportBatch batch, IngestAnswer answer) {
    Outcome outcome = outcome(batch, answer);
    synchronized (this) {
      early.put(number, outcome);
      try {
        settle();
      } catch (IOException e) {
        throw new CommandFailure("Writing the state of the import failed: " + e);
      }
    }
  }

  private static Outcome outcome(ImportBatch batch, IngestAnswer answer) {
    if (answer.verdicts().total() != batch.events()) {
      throw new CommandFailure(
          "A request of %d events was answered with %d verdicts: this is no Weir."
              .formatted(batch.events(), answer.verdicts().total()));
    }
    List<RefusedRow> refused = Stream.concat(
            batch.unusable().stream(),
            answer.listed().stream().filter(Acknowledgements::isRefused).map(batch::refused))
        .sorted(Comparator.comparingLong(RefusedRow::number))
        .toList();
    Verdicts unusable = new Verdicts(0, 0, 0, batch.unusable().size());
    return new Outcome(batch.end(), answer.verdicts().plus(unusable), refused);
  }

  private static boolean isRefused(EventVerdict verdict) {
    return verdict.verdict().equals(RefusedRow.REJECTED)
        || verdict.verdict().equals(RefusedRow.CONFLICT);
  }

  private void settle() throws IOException {
    while (!closed && early.containsKey(nextNumber)) {
      Outcome outcome = early.remove(nextNumber);
      nextNumber++;
      files.reject(outcome.refused());
      state = new ImportState(
          state.job(),
          outcome.end(),
          state.verdicts().plus(outcome.verdicts()),
          files.rejectedBytes(),
          false);
    }
    progress.accept(state.counts());
    long now = clock.millis();
    if (!closed && now - savedMillis >= SAVE_MILLIS) {
      files.save(state);
      savedMillis = clock.millis();
    }
    if (state.counts().refused() > refusedMax) {
      throw new CommandFailure(
          "More than %d rows were not taken, so the mapping is probably wrong; see %s. If it is right, go on with a larger --rejected-max."
              .formatted(refusedMax, files.rejectedPath()));
    }
  }

  @Override
  public synchronized void unclear(ImportBatch batch) {
    unclearRows += batch.events();
  }

  /** Rows that were sent again because no answer came. */
  synchronized long unclearRows() {
    return unclearRows;
  }

  synchronized ImportState state() {
    return state;
  }

  /** Saves the state for good; what is acknowledged later will be sent again. Idempotent. */
  synchronized void close(boolean complete) throws IOException {
    if (!closed) {
      closed = true;
      state = new ImportState(
          state.job(), state.done(), state.verdicts(), state.rejectedBytes(), complete);
      files.save(state);
    }
  }
}
