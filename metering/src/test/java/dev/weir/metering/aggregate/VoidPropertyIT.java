package dev.weir.metering.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.aggregate.Corrected.Entry;
import dev.weir.metering.aggregate.Corrected.Sent;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.rollup.WindowMonths;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Windows after voids are, row for row, those of the events that are left. */
class VoidPropertyIT {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final long START = EventTime.nanos(Instant.parse("2026-03-01T00:00:00Z"));

  private static final String[] VALUES = {
    "0", "1", "-1", "0.1", "2.50", "-0.3", "1e3", "1000.0", "\"2.5\"", "99999999999999999999.5"
  };

  private static TestDatabase test;

  static WindowMonths months(TestDatabase test) {
    return new WindowMonths(test.database(), InstantSource.fixed(CREATED));
  }

  @BeforeAll
  static void start() {
    test = TestDatabase.create();
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  private static Meter meter(String key, Aggregation aggregation, MeterOptions options) {
    return new MeterDefinition(
            key,
            null,
            "call",
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            Map.of("model", "$.m"),
            Map.of(),
            options)
        .toMeter(
            UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)), Decoding.TENANT, CREATED);
  }

  private static List<Meter> meters() {
    List<Meter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      meters.add(meter(
          aggregation.name().toLowerCase(java.util.Locale.ROOT),
          aggregation,
          aggregation == Aggregation.PERCENTILE
              ? MeterOptions.percentile("90")
              : MeterOptions.NONE));
    }
    meters.add(meter(
        "daily",
        Aggregation.WEIGHTED_SUM,
        new MeterOptions(null, List.of(), null, false, ZoneId.of("Asia/Kathmandu"))));
    meters.add(meter(
        "present",
        Aggregation.WEIGHTED_UNIQUE_COUNT,
        new MeterOptions(
            null, List.of(), null, false, ZoneId.of("Asia/Kathmandu"), JsonPath.parse("$.o", ""))));
    meters.add(meter(
        "without-m1",
        Aggregation.MAX,
        new MeterOptions(
            null,
            List.of(Map.of("$.m", java.util.Set.of("m1"), "$.n", java.util.Set.of("1", "1000"))),
            null,
            false,
            null)));
    return meters;
  }

  private static MeterCatalog catalog(JournalPosition activeFrom) {
    MeterCatalog catalog = new MeterCatalog();
    catalog.replaceAll(
        meters().stream().map(meter -> new ActiveMeter(meter, activeFrom, null)).toList());
    return catalog;
  }

  /** A lane's frames, flush by flush; where each lane's next record lies. */
  private static final class Journal {
    private final Map<Integer, Long> next = new HashMap<>();
    private final Corrected.Held held = new Corrected.Held();

    long next(int lane) {
      return next.getOrDefault(lane, 1L);
    }

    byte[] append(int lane, List<Entry> entries) {
      byte[] frame = Corrected.frame(lane, next(lane), entries);
      held.add(frame);
      next.merge(lane, 1L + entries.size(), (old, added) -> old + entries.size());
      return frame;
    }
  }

  private static Sent sent(Random random, String id) {
    return new Sent(
        id,
        "s" + random.nextInt(2),
        random.nextInt(3) == 0 ? "" : "m" + random.nextInt(2),
        START + random.nextLong(3) * 30 * EventTime.NANOS_PER_SECOND + random.nextInt(3),
        VALUES[random.nextInt(VALUES.length)]);
  }

  private static int lane(String id) {
    return id.hashCode() & 1;
  }

  /** What happens to each id: it is sent, voided, sent again with other content, and so on. */
  private static Map<String, List<Sent>> histories(Random random) {
    Map<String, List<Sent>> histories = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      String id = "e" + i;
      List<Sent> versions = new ArrayList<>();
      int steps = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
      Sent last = null;
      for (int step = 0; step < steps; step++) {
        // An even step sends a version, the odd one after it voids that; null stands for the void.
        if (step % 2 == 0) {
          last = random.nextInt(4) == 0 && last != null ? last : sent(random, id);
          versions.add(last);
        } else {
          versions.add(null);
        }
      }
      histories.put(id, versions);
    }
    return histories;
  }

  /** The versions that no void took back. */
  private static List<Sent> left(Map<String, List<Sent>> histories) {
    List<Sent> left = new ArrayList<>();
    histories.values().forEach(versions -> {
      Sent last = versions.get(versions.size() - 1);
      if (last != null) {
        left.add(last);
      }
    });
    return left;
  }

  /** All steps of all ids, shuffled, but those of one id in their order. */
  private static List<String> order(Map<String, List<Sent>> histories, Random random) {
    List<String> ids = new ArrayList<>();
    histories.forEach((id, versions) -> versions.forEach(version -> ids.add(id)));
    Collections.shuffle(ids, random);
    return ids;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static WindowFlush emptied(WindowEvents events) throws SQLException {
    execute("TRUNCATE usage_windows, usage_uniques, usage_values, usage_series,"
        + " aggregator_positions");
    WindowFlush flush = new WindowFlush(test.database(), events, months(test));
    flush.addLanes(List.of(0, 1));
    return flush;
  }

  private static void write(
      WindowFlush flush, WindowFold fold, Map<Integer, Long> from, Journal journal) {
    List<WindowStore.Advance> advances = new ArrayList<>();
    for (int lane = 0; lane < 2; lane++) {
      long last = journal.next(lane) - 1;
      if (last > from.getOrDefault(lane, 0L)) {
        advances.add(new WindowStore.Advance(lane, from.getOrDefault(lane, 0L), last, 1));
        from.put(lane, last);
      }
    }
    if (!advances.isEmpty()) {
      flush.write(advances, fold);
      fold.clear();
    }
  }

  /** Plays the histories in a random order, in random frames and flushes. */
  private static Journal play(
      Map<String, List<Sent>> histories, Random random, MeterCatalog catalog) throws SQLException {
    Journal journal = new Journal();
    WindowFlush flush = emptied(journal.held);
    WindowFold fold = new WindowFold(catalog);
    Map<Integer, Long> flushed = new HashMap<>();
    Map<String, Integer> steps = new HashMap<>();
    Map<String, String> places = new HashMap<>();
    int flushOf = 1 + random.nextInt(40);
    for (String id : order(histories, random)) {
      int step = steps.merge(id, 1, Integer::sum) - 1;
      Sent version = histories.get(id).get(step);
      int lane = lane(id);
      String place = lane + ":" + journal.next(lane);
      Entry entry = version == null
          ? new Entry(histories.get(id).get(step - 1), places.get(id))
          : new Entry(version, "");
      places.put(id, place);
      fold.fold(Frames.load(journal.append(lane, List.of(entry))));
      if (random.nextInt(flushOf) == 0) {
        write(flush, fold, flushed, journal);
      }
    }
    write(flush, fold, flushed, journal);
    return journal;
  }

  private static final String ROWS = """
      SELECT 'window', s.meter_id, s.subject, s.groups, w.window_start, w.events, w.value_sum::text,
             w.value_moment::text, w.value_min::text, w.value_max::text, w.latest_value::text,
             w.latest_nanos, w.latest_identity::text
        FROM usage_windows w JOIN usage_series s USING (series_id)
      UNION ALL
      SELECT 'unique', s.meter_id, s.subject, s.groups, u.window_start, u.occurrences, NULL, NULL,
             NULL, NULL, NULL, NULL, u.value_hash::text
        FROM usage_uniques u JOIN usage_series s USING (series_id)
      UNION ALL
      SELECT 'value', s.meter_id, s.subject, s.groups, v.window_start, v.occurrences, v.value::text,
             NULL, NULL, NULL, NULL, NULL, NULL
        FROM usage_values v JOIN usage_series s USING (series_id)
       ORDER BY 1, 2, 3, 4, 5, 7, 13""";

  private static List<String> rows() throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT r::text FROM (" + ROWS + ") r")) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private static List<String> rowsOf(List<Sent> events) throws SQLException {
    Journal journal = new Journal();
    WindowFlush flush = emptied(journal.held);
    WindowFold fold = new WindowFold(catalog(JournalPosition.START));
    fold.fold(Frames.load(
        journal.append(0, events.stream().map(sent -> new Entry(sent, "")).toList())));
    write(flush, fold, new HashMap<>(), journal);
    return rows();
  }

  @Test
  void voidsInAnyOrderAndAnyFlushLeaveWhatIsLeft() throws SQLException {
    for (long seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      Map<String, List<Sent>> histories = histories(random);
      List<String> expected = rowsOf(left(histories));
      assertTrue(expected.size() > 100, "rows " + expected.size());
      for (int i = 0; i < 2; i++) {
        Journal journal = play(histories, random, catalog(JournalPosition.START));
        assertEquals(expected, rows(), "seed " + seed + ", order " + i);
        assertTrue(journal.held.visits() > 0);
      }
    }
  }

  @Test
  void whenEverythingIsVoidedNothingIsLeft() throws SQLException {
    Random random = new Random(3);
    Map<String, List<Sent>> histories = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      List<Sent> versions = new ArrayList<>(List.of(sent(random, "e" + i)));
      versions.add(null);
      histories.put("e" + i, versions);
    }
    play(histories, random, catalog(JournalPosition.START));
    assertEquals(List.of(), rows());
  }

  @Test
  void aVoidOfWhatAMeterNeverCountedTakesNothingFromIt() throws SQLException {
    Journal journal = new Journal();
    WindowFlush flush = emptied(journal.held);
    Random random = new Random(4);
    Sent before = sent(random, "before");
    Sent after = new Sent("after", before.subject(), before.model(), before.nanos(), "7");
    // The meters come after the first record.
    WindowFold fold = new WindowFold(catalog(new JournalPosition(new TreeMap<>(Map.of(0, 1L)))));
    fold.fold(Frames.load(journal.append(
        0, List.of(new Entry(before, ""), new Entry(after, ""), new Entry(before, "0:1")))));
    write(flush, fold, new HashMap<>(), journal);
    List<String> actual = rows();
    assertEquals(rowsOf(List.of(after)), actual);
  }

  @Test
  void whatCanBeTakenBackMayBeTakenBackBeforeItCame() throws SQLException {
    Journal journal = new Journal();
    WindowFlush flush = emptied(journal.held);
    MeterCatalog additive = new MeterCatalog();
    additive.replaceAll(meters().stream()
        .filter(meter -> !meter.aggregation().keepsExtremes())
        .map(meter -> new ActiveMeter(meter, JournalPosition.START, null))
        .toList());
    Random random = new Random(5);
    Sent voided = sent(random, "voided");
    Sent kept = new Sent("kept", voided.subject(), voided.model(), voided.nanos() + 1, "0.25");
    WindowFold fold = new WindowFold(additive);
    Map<Integer, Long> flushed = new HashMap<>();
    // Lanes are read apart, so another lane's void may come first.
    for (List<Entry> flushOf :
        List.of(List.of(new Entry(voided, "0:1")), List.of(new Entry(kept, "")))) {
      fold.fold(Frames.load(journal.append(1, flushOf)));
      write(flush, fold, flushed, journal);
    }
    fold.fold(Frames.load(journal.append(0, List.of(new Entry(voided, "")))));
    write(flush, fold, flushed, journal);
    // Rows that came to nothing late stay behind, and queries do not see them.
    execute("DELETE FROM usage_windows WHERE events = 0");
    execute("DELETE FROM usage_uniques WHERE occurrences = 0");
    execute("DELETE FROM usage_values WHERE occurrences = 0");
    List<String> actual = rows();
    List<String> expected = rowsOf(List.of(kept)).stream()
        .filter(row -> meters().stream()
            .noneMatch(meter ->
                meter.aggregation().keepsExtremes() && row.contains(meter.id().toString())))
        .toList();
    assertEquals(expected, actual);
  }
}
