package dev.weir.gateway.imports;

import dev.weir.gateway.client.ByteWriter;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.IngestAnswer;
import dev.weir.gateway.imports.resume.Checkpoint;
import dev.weir.gateway.imports.resume.RefusedRow;
import dev.weir.gateway.rows.ByteSource;
import dev.weir.gateway.rows.UnusableRow;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** The events of one request, the rows they come from, and the rows between that are no events. */
final class ImportBatch extends EventBatch {

  /** A row whose event is in the body; its bytes are in {@code raws}. */
  private record SentRow(long line, long number, int rawFrom, int rawTo) {}

  private static final String CONFLICT_CODE = "EVENT_CONFLICT";
  private static final String CONFLICT_MESSAGE =
      "An event with this source and id is known with another content; the first one stays.";

  private final Charset charset;
  private final ByteWriter raws = new ByteWriter(64 * 1_024);
  private final List<SentRow> sent = new ArrayList<>();
  private final List<RefusedRow> unusable = new ArrayList<>();
  private Checkpoint end = Checkpoint.START;

  /** @param charset of the rows */
  ImportBatch(Charset charset) {
    this.charset = charset;
  }

  @Override
  public void clear() {
    super.clear();
    raws.clear();
    sent.clear();
    unusable.clear();
  }

  /** Remembers the row of the event that was just added. */
  void addSent(long line, long number, ByteSource source) {
    int from = raws.length();
    raws.bytes(source.row().array(), 0, source.row().length());
    sent.add(new SentRow(line, number, from, raws.length()));
    countEvent();
  }

  void addUnusable(long line, long number, ByteSource source, UnusableRow why) {
    unusable.add(new RefusedRow(
        line,
        number,
        RefusedRow.REJECTED,
        why.code().name(),
        why.field(),
        "This row is left out: %s.".formatted(why.why()),
        null,
        text(source.row().array(), 0, source.row().length())));
  }

  void endsAt(Checkpoint checkpoint) {
    end = checkpoint;
  }

  /** Rows read, whether events or not. */
  int rows() {
    return sent.size() + unusable.size();
  }

  /** How far the file is done when this batch and all before it are acknowledged. */
  Checkpoint end() {
    return end;
  }

  List<RefusedRow> unusable() {
    return List.copyOf(unusable);
  }

  /** The row of an event that was not taken. */
  RefusedRow refused(IngestAnswer.EventVerdict verdict) {
    SentRow row = sent.get(verdict.index());
    boolean conflict = verdict.verdict().equals(RefusedRow.CONFLICT);
    String code = conflict ? CONFLICT_CODE : String.valueOf(verdict.code());
    return new RefusedRow(
        row.line(),
        row.number(),
        verdict.verdict(),
        code,
        conflict ? "id" : verdict.field(),
        conflict ? CONFLICT_MESSAGE : String.valueOf(verdict.message()),
        verdict.id(),
        text(raws.array(), row.rawFrom(), row.rawTo()));
  }

  /** A row without the line end. */
  private String text(byte[] bytes, int from, int to) {
    int end = to;
    while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return new String(bytes, from, end - from, charset);
  }
}
