package dev.weir.metering.journal;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A place in the journal: the sequence of the last record in each lane; a lane that is absent stands
 * at 0. Printed as {@code 0:4711} or {@code 0:4711,1:52}.
 */
public record JournalPosition(SortedMap<Integer, Long> sequences) {

  public static final JournalPosition START = new JournalPosition(new TreeMap<>());

  private static final int LANES_MAX = 64;

  public JournalPosition {
    sequences = Collections.unmodifiableSortedMap(new TreeMap<>(sequences));
  }

  public long sequence(int lane) {
    return sequences.getOrDefault(lane, 0L);
  }

  /** Whether everything up to the other position is included in this one. */
  public boolean reaches(JournalPosition other) {
    return other.sequences.entrySet().stream()
        .allMatch(entry -> sequence(entry.getKey()) >= entry.getValue());
  }

  /** Parses the printed form; refuses with USAGE_POSITION_INVALID, naming the field. */
  public static JournalPosition parse(String text, String field) {
    TreeMap<Integer, Long> sequences = new TreeMap<>();
    if (text.isEmpty()) {
      return START;
    }
    for (String part : text.split(",", LANES_MAX + 1)) {
      if (!part.matches("[0-9]{1,2}:[0-9]{1,18}")) {
        throw new Refusal(
            MeteringError.USAGE_POSITION_INVALID,
            field,
            "'%s' must be a position as an ingest answer gave it, such as \"0:4711\"."
                .formatted(field));
      }
      int colon = part.indexOf(':');
      sequences.put(
          Integer.valueOf(part.substring(0, colon)), Long.valueOf(part.substring(colon + 1)));
    }
    return new JournalPosition(sequences);
  }

  @Override
  public String toString() {
    return sequences.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(","));
  }
}
