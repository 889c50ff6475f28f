package dev.weir.metering.backfill;

import static dev.weir.metering.TestMetering.NOW;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.backfill.BackfillFixture.awaitState;
import static dev.weir.metering.backfill.BackfillFixture.begin;
import static dev.weir.metering.backfill.BackfillFixture.current;
import static dev.weir.metering.backfill.BackfillFixture.kept;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.metering.TestMetering;
import dev.weir.metering.correction.Correction;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.correction.JournalHistory;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whenever a backfill begins, in whatever chunks it reads, and whatever comes in, is taken back or starts
 * anew meanwhile: its rows are those of a meter that was there from the start.
 */
class BackfillPropertyIT {

  private static final int ROUNDS = Integer.getInteger("weir.backfill.rounds", 4);
  private static final long SEED = Long.getLong("weir.backfill.seed", System.nanoTime());

  private static final String[] VALUES = {
    "0", "1", "-1", "0.1", "2.50", "-0.3", "1e3", "\"2.5\"", "99999999999999999999.5", "true", "{}"
  };

  @TempDir
  Path directory;

  private TestDatabase test;
  private UUID tenant;
  private UUID stranger;
  private final List<String> sent = new ArrayList<>();
  private final Map<Meter, Meter> twins = new LinkedHashMap<>();
  private final Map<Meter, UUID> begun = new HashMap<>();

  @Test
  void aBackfilledMeterKeepsTheRowsOfOneThatWasThereFromTheStart() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      try {
        round(new Random(seed), round);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dweir.backfill.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void round(Random random, int round) throws Exception {
    sent.clear();
    twins.clear();
    begun.clear();
    test = TestDatabase.create();
    try {
      tenant = test.newTenant();
      stranger = test.newTenant();
      lives(random, directory.resolve("round-" + round));
    } finally {
      test.close();
    }
  }

  private void lives(Random random, Path journal) throws Exception {
    List<MeterDefinition> definitions = definitions(random);
    int lives = 1 + random.nextInt(3);
    for (int life = 0; life < lives; life++) {
      boolean last = life == lives - 1;
      BackfillOptions options = new BackfillOptions(
          last ? 2 : random.nextInt(3), 100, 1 + random.nextInt(60), 1 + random.nextInt(120));
      try (TestMetering metering = TestMetering.start(
          test, test.database(), tenant, journal, 1 + random.nextInt(3), options)) {
        if (life == 0) {
          definitions.forEach(definition -> twins.put(add(metering, definition), null));
        }
        live(metering, journal, definitions, random);
        if (last) {
          check(metering);
        }
      }
    }
  }

  private Meter add(TestMetering metering, MeterDefinition definition) {
    return await(metering.engine().addMeter(definition.toMeter(UUID.randomUUID(), tenant, NOW)));
  }

  private static List<MeterDefinition> definitions(Random random) {
    List<MeterDefinition> definitions = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      Map<String, String> groups = new HashMap<>();
      if (random.nextBoolean()) {
        groups.put("model", "$.m");
      }
      if (random.nextInt(3) == 0) {
        groups.put("deep", "$.deep.er");
      }
      Map<String, List<String>> filter =
          random.nextInt(3) == 0 ? Map.of("$.m", List.of("m0", "m1")) : Map.of();
      MeterOptions options = new MeterOptions(
          aggregation == Aggregation.PERCENTILE ? new BigDecimal("90") : null,
          random.nextInt(3) == 0 ? List.of(Map.of("$.deep.er", Set.of("d1"))) : List.of(),
          null,
          false,
          aggregation == Aggregation.WEIGHTED_SUM && random.nextBoolean()
              ? ZoneId.of("Asia/Kathmandu")
              : null);
      definitions.add(new MeterDefinition(
          aggregation.name().toLowerCase(Locale.ROOT),
          null,
          "call",
          aggregation,
          aggregation.takesValue() ? "$.n" : null,
          groups,
          filter,
          options));
    }
    return definitions;
  }

  /** Events, corrections, and now and then a late twin that is filled. */
  private void live(
      TestMetering metering, Path journal, List<MeterDefinition> definitions, Random random) {
    Corrections corrections = metering.engine().corrections(new JournalHistory(journal));
    for (int i = 0; i < 25; i++) {
      switch (random.nextInt(7)) {
        case 0 -> correct(metering, corrections, random);
        case 1 -> beginOne(metering, definitions, random);
        case 2 -> metering.engine().rollups().wake();
        default -> sendSome(metering, random);
      }
    }
    await(corrections.close());
  }

  private void beginOne(TestMetering metering, List<MeterDefinition> definitions, Random random) {
    List<Meter> without = twins.entrySet().stream()
        .filter(twin -> twin.getValue() == null)
        .map(Map.Entry::getKey)
        .toList();
    if (without.isEmpty()) {
      return;
    }
    Meter always = without.get(random.nextInt(without.size()));
    MeterDefinition definition = definitions.stream()
        .filter(d -> d.key().equals(always.key()))
        .findFirst()
        .orElseThrow();
    // Sometimes the twin begins as another meter, and becomes the same by a change.
    boolean changes = random.nextBoolean();
    MeterDefinition late = new MeterDefinition(
        definition.key() + "-late",
        null,
        definition.eventType(),
        definition.aggregation(),
        definition.valueProperty() == null ? null : changes ? "$.other" : "$.n",
        changes ? Map.of("other", "$.other") : definition.groupBy(),
        definition.filter(),
        definition.options());
    Meter twin = add(metering, late);
    twins.put(always, twin);
    begun.put(
        twin, begin(metering, twin, changes ? MeterChange.of(always) : null).id());
  }

  private void sendSome(TestMetering metering, Random random) {
    StringBuilder lines = new StringBuilder();
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      boolean again = !sent.isEmpty() && random.nextInt(8) == 0;
      String id = again ? sent.get(random.nextInt(sent.size())) : "e" + sent.size();
      sent.add(id);
      lines.append(one(id, random)).append('\n');
    }
    metering.send(random.nextInt(5) == 0 ? stranger : tenant, lines.toString());
  }

  private static String one(String id, Random random) {
    String event = event(
        id,
        "2026-03-0%dT%02d:%02d:%02d.%dZ"
            .formatted(
                1 + random.nextInt(3),
                random.nextInt(2),
                random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3)),
        "s" + random.nextInt(3),
        "{\"n\":%s,\"m\":\"m%d\",\"other\":%d,\"deep\":{\"er\":\"d%d\"}}"
            .formatted(
                VALUES[random.nextInt(VALUES.length)],
                random.nextInt(3),
                random.nextInt(5),
                random.nextInt(3)));
    return random.nextInt(6) == 0 ? event.replace("\"call\"", "\"other\"") : event;
  }

  private void correct(TestMetering metering, Corrections corrections, Random random) {
    if (sent.isEmpty()) {
      return;
    }
    String id = sent.get(random.nextInt(sent.size()));
    String replacement = random.nextBoolean() ? one(id, random) : null;
    await(corrections.apply(
        metering.context(),
        new Corrections.Author(tenant, "ann@example.com"),
        List.of(new Correction(id, null, null, "by chance", replacement))));
  }

  private void check(TestMetering metering) {
    await(metering.engine().awaitAllVisible(Duration.ofMinutes(2)));
    twins.forEach((always, late) -> {
      if (late != null) {
        awaitState(test, late, begun.get(late), BackfillState.COMPLETED);
        // Rollups may go on between the two looks.
        List<String> expected;
        List<String> found;
        int looks = 0;
        do {
          expected = kept(test, always);
          found = kept(test, current(test, late));
        } while (++looks < 100 && !expected.equals(found));
        assertEquals(expected, found, always.toString());
      }
    });
    assertNull(metering.engine().aggregator().failure());
  }
}
