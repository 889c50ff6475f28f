package dev.weir.gateway.demo.files;

import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.rows.RowEvent;
import dev.weir.gateway.terminal.CommandFailure;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums of the files' columns by subject and month (UTC), added row by row with BigDecimal. When ids
 * come from the files, the first row with an id counts, as it does on the server.
 */
final class CsvTotals {

  static final int SUBJECTS_MAX = 10_000;
  static final int MONTHS_MAX = 120;
  static final int IDS_MAX = 5_000_000;

  private final int meters;
  private final boolean idsFromFile;
  private final Map<String, SortedMap<YearMonth, List<BigDecimal>>> sums = new LinkedHashMap<>();
  private final Map<String, Long> fingerprints = new HashMap<>();
  private final TreeMap<YearMonth, Long> months = new TreeMap<>();

  private long distinct;
  private long duplicates;
  private long conflicts;

  CsvTotals(int meters, boolean idsFromFile) {
    this.meters = meters;
    this.idsFromFile = idsFromFile;
  }

  /** @param fingerprint equal for equal payloads; only looked at when ids come from the files */
  void add(RowEvent event, String subject, long fingerprint) {
    if (idsFromFile) {
      Long first = fingerprints.putIfAbsent(String.valueOf(event.id()), fingerprint);
      if (first != null) {
        countAgain(first == fingerprint);
        return;
      }
      if (fingerprints.size() > IDS_MAX) {
        throw new CommandFailure(
            "More than %d different ids are too many for the demo to check; leave"
                    .formatted(IDS_MAX)
                + " out --id-column.");
      }
    }
    distinct++;
    YearMonth month = YearMonth.from(event.time().atOffset(ZoneOffset.UTC));
    months.merge(month, 1L, Long::sum);
    List<BigDecimal> sum = sums.computeIfAbsent(subject, any -> new TreeMap<>())
        .computeIfAbsent(
            month, any -> new ArrayList<>(Collections.nCopies(meters, BigDecimal.ZERO)));
    for (int meter = 0; meter < meters; meter++) {
      sum.set(meter, sum.get(meter).add(CsvMapping.value(event, meter)));
    }
    checkBounds();
  }

  private void countAgain(boolean same) {
    if (same) {
      duplicates++;
    } else {
      conflicts++;
    }
  }

  private void checkBounds() {
    if (sums.size() > SUBJECTS_MAX) {
      throw new CommandFailure(
          "More than %d subjects are too many for the demo; choose another column"
                  .formatted(SUBJECTS_MAX)
              + " with --subject-column.");
    }
    if (months.firstKey().plusMonths(MONTHS_MAX).isBefore(months.lastKey())) {
      throw new CommandFailure(
          "The times span more than %d months, from %s to %s; is the time column"
                  .formatted(MONTHS_MAX, months.firstKey(), months.lastKey())
              + " right?");
    }
  }

  boolean isEmpty() {
    return distinct == 0;
  }

  List<String> subjects() {
    return List.copyOf(sums.keySet());
  }

  /** The start of the first event's month. */
  Instant from() {
    return start(months.firstKey());
  }

  /** The end of the last event's month. */
  Instant until() {
    return start(months.lastKey().plusMonths(1));
  }

  static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  long rows() {
    return distinct + duplicates + conflicts;
  }

  Verdicts verdicts() {
    return new Verdicts(distinct, duplicates, conflicts, 0);
  }

  /** Month to one sum for each meter. */
  SortedMap<YearMonth, List<BigDecimal>> byMonth(String subject) {
    return sums.getOrDefault(subject, new TreeMap<>());
  }
}
