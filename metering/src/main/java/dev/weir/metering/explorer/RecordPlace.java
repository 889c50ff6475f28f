package dev.weir.metering.explorer;

import dev.weir.metering.Invariant;
import dev.weir.metering.journal.VoidedRecord;
import org.jspecify.annotations.Nullable;

/** Names a record of the journal; printed as in a position, for example {@code 0:4711}. */
public record RecordPlace(int lane, long sequence) implements Comparable<RecordPlace> {

  private static final int SEQUENCE_BITS = 56;

  public RecordPlace {
    Invariant.check(lane >= 0 && lane < 1 << 7, "lane out of range");
    Invariant.check(sequence >= 0 && sequence >> SEQUENCE_BITS == 0, "sequence out of range");
  }

  /** The same in one positive number that sorts alike. */
  long packed() {
    return (long) lane << SEQUENCE_BITS | sequence;
  }

  static RecordPlace of(long packed) {
    return new RecordPlace((int) (packed >> SEQUENCE_BITS), packed & ((1L << SEQUENCE_BITS) - 1));
  }

  /** Reads the printed form; null for any other text. */
  static @Nullable RecordPlace parse(String text) {
    if (!text.matches("[0-9]{1,2}:[0-9]{1,16}")) {
      return null;
    }
    int colon = text.indexOf(':');
    return new RecordPlace(
        Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }

  static @Nullable RecordPlace of(@Nullable VoidedRecord voided) {
    return voided == null ? null : new RecordPlace(voided.lane(), voided.sequence());
  }

  @Override
  public int compareTo(RecordPlace other) {
    return Long.compare(packed(), other.packed());
  }

  @Override
  public String toString() {
    return lane + ":" + sequence;
  }
}
