package dev.weir.metering.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.Frames;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WindowFoldPropertyTest {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  /** One event, as the oracle knows it; the value as sent. */
  private record Sent(
      String id, String subject, String model, long nanos, String value, boolean conflict) {
    String json() {
      return "{\"id\":\"%s\",\"source\":\"src\",\"type\":\"call\",\"subject\":\"%s\",\"time\":\"%s\",\"data\":{\"n\":%s%s}}"
          .formatted(
              id,
              subject,
              EventTime.instant(nanos),
              value,
              model.isEmpty() ? "" : ",\"m\":\"" + model + "\"");
    }

    BigDecimal number() {
      return new BigDecimal(value.replace("\"", ""));
    }

    /** The bytes by which LATEST breaks ties: lengths are little-endian, and ids here are short. */
    String identity() {
      return (char) id.length() + id;
    }
  }

  private static Meter meter(Aggregation aggregation) {
    return new MeterDefinition(
            aggregation.name().toLowerCase(Locale.ROOT),
            null,
            "call",
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            Map.of("model", "$.m"),
            Map.of(),
            aggregation == Aggregation.PERCENTILE
                ? MeterOptions.percentile("95")
                : MeterOptions.NONE)
        .toMeter(
            UUID.nameUUIDFromBytes(aggregation.name().getBytes(StandardCharsets.UTF_8)),
            Decoding.TENANT,
            CREATED);
  }

  private static final String[] VALUES = {
    "0",
    "-0",
    "1",
    "-1",
    "0.1",
    "0.2",
    "-0.3",
    "1e3",
    "1000",
    "1000.0",
    "\"2.50\"",
    "99999999999999999999.999999999999999999",
    "-99999999999999999999999999999999999999",
    "999999999999999999",
    "-999999999999999999",
    "0.000000000000000001"
  };

  private static List<Sent> events(Random random) {
    List<Sent> events = new ArrayList<>();
    long start = EventTime.nanos(CREATED);
    for (int i = 0; i < 300; i++) {
      // Few distinct times, so that many events tie.
      long nanos = start + random.nextLong(4) * 30 * EventTime.NANOS_PER_SECOND + random.nextInt(2);
      events.add(new Sent(
          "e" + random.nextInt(100_000) + "-" + i,
          "s" + random.nextInt(3),
          random.nextInt(4) == 0 ? "" : "m" + random.nextInt(2),
          nanos,
          VALUES[random.nextInt(VALUES.length)],
          random.nextInt(10) == 0));
    }
    return events;
  }

  private static MeterCatalog catalog() {
    MeterCatalog catalog = new MeterCatalog();
    List<ActiveMeter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      meters.add(new ActiveMeter(meter(aggregation), JournalPosition.START, null));
    }
    catalog.replaceAll(meters);
    return catalog;
  }

  /** Folds the events in this order, in frames of random lanes and sizes, and prints all windows. */
  private static SortedMap<String, String> folded(List<Sent> events, Random random) {
    WindowFold fold = new WindowFold(catalog());
    long[] sequences = {1, 1, 1};
    for (int from = 0; from < events.size(); ) {
      int lane = random.nextInt(3);
      List<EventBatch> requests = new ArrayList<>();
      int records = 0;
      for (int r = 1 + random.nextInt(3); r > 0 && from < events.size(); r--) {
        int to = Math.min(events.size(), from + 1 + random.nextInt(20));
        requests.add(request(events.subList(from, to)));
        records += to - from;
        from = to;
      }
      fold.fold(
          Frames.read(Frames.bytes(lane, sequences[lane], requests.toArray(EventBatch[]::new))));
      sequences[lane] += records;
    }
    assertEquals(
        events.stream().filter(Sent::conflict).count(), fold.conflicts().size());
    assertEquals(events.stream().filter(e -> !e.conflict()).count(), fold.events());
    return print(fold);
  }

  private static EventBatch request(List<Sent> events) {
    StringBuilder lines = new StringBuilder();
    events.forEach(e -> lines.append(e.json()).append('\n'));
    EventBatch batch = Decoding.lines(lines.toString());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(Verdict.ACCEPTED, batch.verdict(i));
      if (events.get(i).conflict()) {
        batch.setVerdict(i, Verdict.CONFLICT);
      }
    }
    return batch;
  }

  private static SortedMap<String, String> print(WindowFold fold) {
    TreeMap<String, String> windows = new TreeMap<>();
    for (WindowFold.SeriesDelta series : fold.series()) {
      Aggregation aggregation = series.meter().meter().aggregation();
      series.byMinute().forEach((minute, w) -> {
        String key = String.join(
            "|",
            aggregation.name(),
            series.key().subject(),
            series.key().groups().toString(),
            minute.toString());
        windows.put(key, w.events() + " " + value(aggregation, w));
      });
    }
    return windows;
  }

  /** The value with all its digits, also those that make no difference to its size. */
  private static String value(Aggregation aggregation, WindowDelta window) {
    return switch (aggregation) {
      case COUNT -> "";
      case SUM, AVG -> window.sum().toPlainString();
      case MIN -> plain(window.min());
      case MAX -> plain(window.max());
      case LATEST -> plain(window.latest()) + " " + window.latestNanos();
      case UNIQUE_COUNT -> Integer.toString(window.uniques().size());
      case WEIGHTED_UNIQUE_COUNT -> Integer.toString(window.operations().size());
      case WEIGHTED_SUM -> window.sum().toPlainString() + " " + same(window.moment());
      case PERCENTILE -> " " + new TreeMap<>(window.values());
    };
  }

  private static String plain(BigDecimal value) {
    return value == null ? "none" : value.toPlainString();
  }

  private record Key(String subject, String model, long minute) {}

  private static String oracle(Aggregation aggregation, List<Sent> events) {
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal min = events.get(0).number();
    BigDecimal max = min;
    Sent latest = events.get(0);
    Set<BigDecimal> distinct = new HashSet<>();
    TreeMap<BigDecimal, Long> counts = new TreeMap<>();
    BigDecimal moment = BigDecimal.ZERO;
    for (Sent e : events) {
      sum = sum.add(e.number());
      min = min.min(e.number());
      max = max.max(e.number());
      int order = Long.compare(e.nanos(), latest.nanos());
      latest =
          order > 0 || (order == 0 && e.identity().compareTo(latest.identity()) > 0) ? e : latest;
      distinct.add(e.number().stripTrailingZeros());
      counts.merge(e.number().stripTrailingZeros(), 1L, Long::sum);
      moment = moment.add(
          e.number().multiply(BigDecimal.valueOf(e.nanos() % EventTime.NANOS_PER_MINUTE)));
    }
    return switch (aggregation) {
      case COUNT -> "";
      case SUM, AVG -> same(sum);
      case MIN -> same(min);
      case MAX -> same(max);
      case LATEST -> same(latest.number()) + " " + latest.nanos();
      // Numbers by value; of texts there is "2.50" only, which stays as it is written.
      case UNIQUE_COUNT -> Integer.toString(distinct.size());
      case WEIGHTED_UNIQUE_COUNT ->
        Long.toString(events.stream()
            .map(e -> same(e.number()) + " " + e.nanos())
            .distinct()
            .count());
      case WEIGHTED_SUM -> same(sum) + " " + same(moment);
      case PERCENTILE -> " " + counts;
    };
  }

  private static String same(BigDecimal value) {
    return (value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros()).toPlainString();
  }

  private static SortedMap<String, String> expected(List<Sent> events) {
    Map<Key, List<Sent>> byWindow = new HashMap<>();
    for (Sent e : events) {
      if (!e.conflict()) {
        byWindow
            .computeIfAbsent(
                new Key(e.subject(), e.model(), EventTime.epochMinute(e.nanos())),
                k -> new ArrayList<>())
            .add(e);
      }
    }
    TreeMap<String, String> windows = new TreeMap<>();
    byWindow.forEach((key, of) -> {
      for (Aggregation aggregation : Aggregation.values()) {
        windows.put(
            "%s|%s|[%s]|%d".formatted(aggregation, key.subject(), key.model(), key.minute()),
            of.size() + " " + oracle(aggregation, of));
      }
    });
    return windows;
  }

  /** Digits behind the point that are zeros say nothing to the oracle. */
  private static SortedMap<String, String> normalised(SortedMap<String, String> windows) {
    TreeMap<String, String> normalised = new TreeMap<>();
    windows.forEach((key, text) -> {
      String[] parts = text.split(" ", -1);
      parts[1] = parts[1].isEmpty() ? "" : same(new BigDecimal(parts[1]));
      normalised.put(key, String.join(" ", parts));
    });
    return normalised;
  }

  @Test
  void anyOrderAndAnyPortionsGiveTheSameExactWindows() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      List<Sent> events = events(random);
      SortedMap<String, String> first = folded(events, random);
      assertEquals(expected(events), normalised(first), "seed " + seed);
      for (int i = 0; i < 5; i++) {
        List<Sent> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, random);
        assertEquals(first, folded(shuffled, random), "seed " + seed + ", order " + i);
      }
    }
  }

  @Test
  void aFoldThatIsClearedBeginsAnew() {
    Random random = new Random(1);
    List<Sent> events = events(random);
    WindowFold fold = new WindowFold(catalog());
    fold.fold(Frames.read(Frames.bytes(0, 1, request(events))));
    SortedMap<String, String> once = print(fold);
    fold.clear();
    assertEquals(Map.of(), print(fold));
    assertEquals(0, fold.rows());
    assertEquals(0, fold.events());
    assertEquals(List.of(), fold.conflicts());
    fold.fold(Frames.read(Frames.bytes(0, 1 + events.size(), request(events))));
    assertEquals(once, print(fold));
  }

  @Test
  void aMeterCountsFromItsPositionInEachLane() {
    MeterCatalog catalog = new MeterCatalog();
    catalog.replaceAll(List.of(new ActiveMeter(
        meter(Aggregation.COUNT), new JournalPosition(new TreeMap<>(Map.of(0, 2L, 2, 1L))), null)));
    WindowFold fold = new WindowFold(catalog);
    for (int lane = 0; lane < 3; lane++) {
      EventBatch batch = Decoding.lines(new Sent("a", "lane" + lane, "", 1, "1", false).json()
          + new Sent("b", "lane" + lane, "", 1, "1", false).json()
          + new Sent("c", "lane" + lane, "", 1, "1", false).json());
      fold.fold(Frames.read(Frames.bytes(lane, 1, batch)));
    }
    assertEquals(
        Map.of("COUNT|lane0|[]|0", "1 ", "COUNT|lane1|[]|0", "3 ", "COUNT|lane2|[]|0", "2 "),
        print(fold));
  }

  @Test
  void sumsBeyondALongStayExact() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      ExactSum sum = new ExactSum();
      BigDecimal expected = BigDecimal.ZERO;
      for (int i = 0; i < 200; i++) {
        if (random.nextInt(4) == 0) {
          BigDecimal value = BigDecimal.valueOf(random.nextLong(), random.nextInt(18));
          sum.add(value);
          expected = expected.add(value);
        } else {
          long value = switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> Long.MIN_VALUE;
            case 2 -> random.nextLong();
            default -> random.nextInt(3) - 1L;
          };
          if (random.nextBoolean()) {
            sum.add(value);
            expected = expected.add(BigDecimal.valueOf(value));
          } else {
            sum.subtract(value);
            expected = expected.subtract(BigDecimal.valueOf(value));
          }
        }
        assertEquals(expected, sum.value(), "seed " + seed);
      }
    }
  }
}
