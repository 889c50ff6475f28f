package dev.weir.metering.simulation;

import dev.weir.metering.aggregate.SimulatedStore;
import dev.weir.metering.aggregate.StoredKey;
import dev.weir.metering.aggregate.StoredWindow;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.meter.ActiveMeter;
import dev.weir.metering.meter.Meter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Computes usage from the set of journaled events in the plainest way, and compares. Knows the meters of
 * {@link SimulatedMeters} only: a value at {@code $.n}, perhaps grouped by {@code $.m}, perhaps filtered
 * by it.
 */
final class UsageOracle {

  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private UsageOracle() {}

  /** The store must hold what the journal gives up to the store's own positions, and nothing else. */
  static void check(SimulatedStore store, JournalOracle journal) {
    List<Journaled> records = journal.upTo(store.position());
    Map<StoredKey, List<Journaled>> expected = new HashMap<>();
    Map<StoredKey, Meter> meters = new HashMap<>();
    for (ActiveMeter meter : store.meters()) {
      for (Journaled record : records) {
        if (counts(meter, record)) {
          StoredKey key = key(meter.meter(), record);
          expected.computeIfAbsent(key, k -> new ArrayList<>()).add(record);
          meters.put(key, meter.meter());
        }
      }
    }
    expected.forEach(
        (key, of) -> compare(meters.get(key), key, live(of), store.windows().get(key)));
    for (StoredKey key : store.windows().keySet()) {
      Violation.check(expected.containsKey(key), "a window that nothing explains: {}", key);
    }
    checkConflicts(store, records);
  }

  private static List<Journaled> live(List<Journaled> of) {
    Set<String> voided = of.stream()
        .filter(record -> record.voids() != null)
        .map(record -> record.voids().position())
        .collect(Collectors.toSet());
    return of.stream()
        .filter(record -> record.adds() && !voided.contains(record.position()))
        .toList();
  }

  private static void checkConflicts(SimulatedStore store, List<Journaled> records) {
    Set<JournalPosition> expected = records.stream()
        .filter(Journaled::isConflict)
        .map(r -> new JournalPosition(new TreeMap<>(Map.of(r.lane(), r.sequence()))))
        .collect(Collectors.toSet());
    Collection<JournalPosition> kept = store.conflicts();
    Violation.check(
        kept.size() == expected.size() && expected.containsAll(kept),
        "conflicts are {}, kept are {}",
        expected,
        kept);
  }

  private static boolean counts(ActiveMeter active, Journaled record) {
    Meter meter = active.meter();
    SimulatedEvent event = record.event();
    VoidedRecord voids = record.voids();
    return !record.isConflict()
        && meter.tenantId().equals(event.identity().tenantId())
        && meter.eventType().equals(event.type())
        && isActive(active, record.lane(), record.sequence())
        && (voids == null || isActive(active, voids.lane(), voids.sequence()))
        && meter.filter().values().stream().allMatch(allowed -> allowed.contains(event.model()))
        && hasValue(meter, event);
  }

  private static boolean isActive(ActiveMeter meter, int lane, long sequence) {
    return sequence > meter.activeFrom().sequence(lane)
        && (meter.activeTo() == null || sequence <= meter.activeTo().sequence(lane));
  }

  private static boolean hasValue(Meter meter, SimulatedEvent event) {
    return switch (meter.aggregation()) {
      case COUNT -> true;
      case UNIQUE_COUNT, WEIGHTED_UNIQUE_COUNT ->
        !event.value().isEmpty() && !event.value().startsWith("{");
      default -> !event.isDoubtful();
    };
  }

  private static StoredKey key(Meter meter, Journaled record) {
    List<String> groups =
        meter.groupBy().isEmpty() ? List.of() : List.of(record.event().model());
    return new StoredKey(
        meter.usageId(),
        record.event().subject(),
        groups,
        Math.floorDiv(record.timeNanos(), NANOS_PER_MINUTE));
  }

  private static void compare(Meter meter, StoredKey key, List<Journaled> of, StoredWindow stored) {
    boolean same = of.isEmpty() ? stored == null : stored != null && stored.events() == of.size();
    if (same && !of.isEmpty()) {
      same = switch (meter.aggregation()) {
        case COUNT -> true;
        case SUM, AVG -> equal(stored.sum(), sum(of));
        case MIN ->
          equal(
              stored.min(),
              of.stream().map(UsageOracle::number).reduce(BigDecimal::min).orElseThrow());
        case MAX ->
          equal(
              stored.max(),
              of.stream().map(UsageOracle::number).reduce(BigDecimal::max).orElseThrow());
        case LATEST -> isLatest(stored, of);
        case UNIQUE_COUNT -> counts(stored.uniques()).equals(counts(occurrences(of, false)));
        case WEIGHTED_UNIQUE_COUNT -> counts(stored.uniques()).equals(counts(operations(of)));
        case PERCENTILE -> stored.values().equals(occurrences(of, true));
        case WEIGHTED_SUM -> equal(stored.sum(), sum(of)) && equal(stored.moment(), moment(of));
      };
    }
    Violation.check(
        same, "{} {} is stored as {}, but there are {}", meter.aggregation(), key, stored, of);
  }

  private static boolean equal(BigDecimal one, BigDecimal other) {
    return one != null && one.compareTo(other) == 0;
  }

  private static BigDecimal number(Journaled record) {
    return new BigDecimal(record.event().value().replace("\"", ""));
  }

  private static BigDecimal sum(List<Journaled> of) {
    return of.stream().map(UsageOracle::number).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static boolean isLatest(StoredWindow stored, List<Journaled> of) {
    Journaled latest = of.get(0);
    for (Journaled record : of) {
      int byTime = Long.compare(record.timeNanos(), latest.timeNanos());
      if (byTime > 0 || (byTime == 0 && tieBreak(record, latest) > 0)) {
        latest = record;
      }
    }
    return stored.latest() != null
        && equal(stored.latest().value(), number(latest))
        && stored.latest().nanos() == latest.timeNanos()
        && stored.latest().identity().equals(latest.event().identity().tieBreaker());
  }

  private static int tieBreak(Journaled one, Journaled other) {
    int byIdentity = Arrays.compareUnsigned(
        HexFormat.of().parseHex(one.event().identity().tieBreaker()),
        HexFormat.of().parseHex(other.event().identity().tieBreaker()));
    return byIdentity == 0 ? number(one).compareTo(number(other)) : byIdentity;
  }

  /** Each change of a level times its distance from the start of its minute. */
  private static BigDecimal moment(List<Journaled> of) {
    return of.stream()
        .map(r -> number(r).multiply(BigDecimal.valueOf(r.timeNanos() % NANOS_PER_MINUTE)))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** How often each value occurs: numbers by their value, texts as they are written or as numbers. */
  private static Map<Object, Long> occurrences(List<Journaled> of, boolean asNumbers) {
    return of.stream()
        .map(record -> value(record, asNumbers))
        .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
  }

  private static Object value(Journaled record, boolean asNumber) {
    String value = record.event().value();
    boolean text = value.startsWith("\"") && !asNumber;
    return text ? value.substring(1, value.length() - 1) : plain(number(record));
  }

  /** How often each key is added at each time. */
  private static Map<Object, Long> operations(List<Journaled> of) {
    return of.stream()
        .map(record -> List.of(value(record, false), record.timeNanos()))
        .collect(Collectors.groupingBy(key -> key, Collectors.counting()));
  }

  private static Object plain(BigDecimal value) {
    return value.signum() == 0
        ? BigDecimal.ZERO
        : new BigDecimal(value.stripTrailingZeros().toPlainString());
  }

  /** The counts alone, where the values are stored as hashes. */
  private static List<Long> counts(Map<?, Long> occurrences) {
    return occurrences.values().stream().sorted().toList();
  }
}
