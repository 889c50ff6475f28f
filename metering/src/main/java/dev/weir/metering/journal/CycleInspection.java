package dev.weir.metering.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cycle's file from the first byte to the last and judges each: the documents' headers, frames,
 * padding between documents, Chronicle's own documents, and that nothing but zeros follows the end.
 * After something that is not as it was written it goes on with the next document that is, so that all
 * that is wrong is told, up to a bound. Changes nothing; confined to one thread.
 *
 * <p>Cost: one copy and two CRC32C of each byte, and a visit of each record.
 */
public final class CycleInspection {

  private static final int FAULTS_MAX = 1_000;

  /** How often a live file is looked at again before what it shows counts. */
  private static final int LOOKS_MAX = 100;

  /**
   * What was found.
   *
   * @param ended whether the file has its end mark
   * @param unfinished whether a document was begun at the end: a write under way, or cut off
   */
  public record Result(CycleFacts facts, boolean ended, boolean unfinished, long faults) {}

  private final ForwardFile file;
  private final CycleDocuments documents;
  private final int lane;
  private final int cycle;
  private final boolean live;
  private final Consumer<CycleFault> report;
  private final Frame frame = new Frame();
  private final ChronicleIndexCheck index;
  private final Extent extent = new Extent();

  private long at;
  private boolean ended;
  private boolean unfinished;
  private long faults;

  private CycleInspection(
      ForwardFile file, int lane, int cycle, boolean live, Consumer<CycleFault> report) {
    this.file = file;
    this.documents = new CycleDocuments(file, frame);
    this.lane = lane;
    this.cycle = cycle;
    this.live = live;
    this.report = report;
    this.index = new ChronicleIndexCheck(file);
  }

  /**
   * Inspects a file.
   *
   * @param live whether a process may be writing to it
   * @param digest is fed with all bytes up to the end, or null
   */
  public static Result inspect(
      Path path,
      int lane,
      int cycle,
      boolean live,
      @Nullable MessageDigest digest,
      Consumer<CycleFault> report)
      throws IOException {
    try (ForwardFile file = new ForwardFile(path, digest)) {
      return new CycleInspection(file, lane, cycle, live, report).run();
    }
  }

  private Result run() throws IOException {
    readToEnd();
    List<CycleFault> own = at == 0 ? List.of() : index.faults();
    // A live file's numbers change while they are read: a fault counts when it stays.
    for (int look = 0; !own.isEmpty() && live && look < LOOKS_MAX; look++) {
      readToEnd();
      own = index.faults();
    }
    own.forEach(fault -> fault(fault.offset(), fault.what()));
    return new Result(extent.facts(lane, cycle, at, file.crc()), ended, unfinished, faults);
  }

  private void readToEnd() throws IOException {
    boolean more = !ended;
    while (more) {
      file.pass(at);
      more = isEnd(file.intAt(at)) ? goesOn() : document();
    }
    file.pass(at);
  }

  private boolean isEnd(int header) {
    return header == 0
        || header == CycleDocuments.NOT_COMPLETE
        || (header == CycleDocuments.END_OF_FILE && at > 0);
  }

  /** Reads one document and goes on behind it; always true. */
  private boolean document() throws IOException {
    CycleDocuments.Document document = documents.read(at);
    if (!document.fault().isEmpty()) {
      return recover(at, document.fault());
    }
    take(document);
    return true;
  }

  private void take(CycleDocuments.Document document) {
    switch (document.kind()) {
      case FRAME -> {
        index.document(at);
        takeFrame();
      }
      case VOID -> index.document(at);
      case INDEX -> index.index(at);
      case HEAD -> {}
    }
    at = document.end();
  }

  private void takeFrame() {
    if (frame.lane() != lane) {
      fault(at, "belongs to lane " + frame.lane());
      return;
    }
    long expected = extent.nextSequence();
    if (expected > 0 && frame.firstSequence() != expected) {
      fault(at, "begins at sequence %d, expected %d".formatted(frame.firstSequence(), expected));
    }
    if (!extent.add(frame)) {
      fault(at, "the records do not fill the frame");
    }
  }

  /** Tells what is wrong here, then goes on where the next document can be told to begin. */
  private boolean recover(long place, String fault) throws IOException {
    CycleDocuments.Document damaged = documents.recognize(at);
    if (damaged != null) {
      fault(place, fault);
      take(damaged);
      return true;
    }
    long found = documents.nextFrame(at + 8);
    fault(place, found < 0 ? fault : "%s; bytes to offset %d are lost".formatted(fault, found));
    at = found < 0 ? endOfRubbish() : found;
    return true;
  }

  private long endOfRubbish() throws IOException {
    long end = at + 4;
    for (long other = file.firstNonZero(end); other >= 0; other = file.firstNonZero(end)) {
      end = (other & ~3L) + 4;
    }
    return end;
  }

  /** At the end: whether there is more after all. A live file may have grown since it was read. */
  private boolean goesOn() throws IOException {
    for (int look = 0; ; look++) {
      file.refresh();
      int header = file.intAt(at);
      if (!isEnd(header)) {
        return true;
      }
      unfinished = header == CycleDocuments.NOT_COMPLETE;
      int mark = documents.endMark(at);
      long other = unfinished ? documents.nextFrame(at + 8) : file.firstNonZero(at + mark);
      if (other < 0) {
        ended = mark > 0;
        at += mark;
        return false;
      }
      if (!live || look == LOOKS_MAX) {
        return unfinished
            ? recover(at, "a document that was not finished stands before others")
            : recover(other, "not zero, though the file ends at offset %d".formatted(at));
      }
    }
  }

  private void fault(long offset, String what) {
    faults++;
    if (faults <= FAULTS_MAX) {
      report.accept(new CycleFault(offset, extent.lastSequence(), what));
    }
  }
}
