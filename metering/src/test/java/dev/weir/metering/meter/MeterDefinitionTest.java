package dev.weir.metering.meter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeterDefinitionTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static MeterDefinition definition(Aggregation aggregation, MeterOptions options) {
    return new MeterDefinition(
        "m",
        null,
        "call",
        aggregation,
        aggregation.takesValue() ? "$.n" : null,
        Map.of(),
        Map.of(),
        options);
  }

  private static MeterOptions excluding(List<Map<String, Set<String>>> exclude) {
    return new MeterOptions(null, exclude, null, false, null);
  }

  private static MeterOptions operations(BigDecimal percentile, String path) {
    return new MeterOptions(
        percentile, List.of(), null, false, null, JsonPath.parse(path, "operationProperty"));
  }

  private static Meter meter(MeterDefinition definition) {
    return definition.toMeter(new UUID(1, 2), new UUID(3, 4), NOW);
  }

  private static void assertRefused(MeteringError code, String field, Executable executable) {
    Refusal refusal = assertThrows(Refusal.class, executable);
    assertEquals(code + " " + field, refusal.code() + " " + refusal.field(), refusal.text());
  }

  private static void assertRefused(MeteringError code, String field, MeterDefinition definition) {
    assertRefused(code, field, () -> meter(definition));
  }

  @ParameterizedTest
  @ValueSource(strings = {"95", "99.9", "100", "0.0001", "50.0000000", "1e2"})
  void aPercentileIsOverZeroUpToAHundred(String percentile) {
    Meter meter = meter(definition(Aggregation.PERCENTILE, MeterOptions.percentile(percentile)));
    assertEquals(0, new BigDecimal(percentile).compareTo(meter.options().percentile()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "100.0001", "101", "0.00001", "99.99999", "1e9"})
  void anotherPercentileIsRefused(String percentile) {
    assertRefused(
        MeteringError.METER_PERCENTILE_INVALID,
        "percentile",
        definition(Aggregation.PERCENTILE, MeterOptions.percentile(percentile)));
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void anOptionOfAnotherAggregationIsRefused(Aggregation aggregation) {
    if (aggregation == Aggregation.PERCENTILE) {
      assertRefused(
          MeteringError.METER_PERCENTILE_MISSING,
          "percentile",
          definition(aggregation, MeterOptions.NONE));
    } else {
      assertDoesNotThrow(() -> meter(definition(aggregation, MeterOptions.NONE)));
      assertRefused(
          MeteringError.METER_OPTION_UNEXPECTED,
          "percentile",
          definition(aggregation, MeterOptions.percentile("95")));
    }
    MeterOptions daily = new MeterOptions(
        aggregation == Aggregation.PERCENTILE ? BigDecimal.TEN : null,
        List.of(),
        null,
        false,
        ZoneId.of("UTC"));
    if (aggregation.isLevel()) {
      assertDoesNotThrow(() -> meter(definition(aggregation, daily)));
    } else {
      assertRefused(
          MeteringError.METER_OPTION_UNEXPECTED, "weighting", definition(aggregation, daily));
    }
    MeterOptions operations =
        operations(aggregation == Aggregation.PERCENTILE ? BigDecimal.TEN : null, "$.op");
    if (aggregation == Aggregation.WEIGHTED_UNIQUE_COUNT) {
      Meter meter = meter(definition(aggregation, operations));
      MeterChange change = MeterChange.of(meter);
      assertEquals("$.op", String.valueOf(change.options().operationProperty()));
      assertEquals(change, MeterChange.read(change.text()));
    } else {
      assertRefused(
          MeteringError.METER_OPTION_UNEXPECTED,
          "operationProperty",
          definition(aggregation, operations));
    }
  }

  @Test
  void exclusionsAreBounded() {
    Map<String, Set<String>> one = Map.of("$.city", Set.of("caen"));
    assertDoesNotThrow(() -> meter(definition(
        Aggregation.COUNT, excluding(Collections.nCopies(MeterOptions.EXCLUDE_MAX, one)))));
    assertRefused(
        MeteringError.METER_FILTER_INVALID,
        "exclude",
        definition(
            Aggregation.COUNT, excluding(Collections.nCopies(MeterOptions.EXCLUDE_MAX + 1, one))));
    assertRefused(
        MeteringError.METER_FILTER_INVALID,
        "exclude[1]",
        definition(Aggregation.COUNT, excluding(List.of(one, Map.of()))));
    assertRefused(
        MeteringError.METER_FILTER_INVALID,
        "exclude[0]",
        definition(Aggregation.COUNT, excluding(List.of(Map.of("$.city", Set.of())))));
    assertRefused(
        MeteringError.METER_PATH_INVALID,
        "exclude[0]",
        definition(Aggregation.COUNT, excluding(List.of(Map.of("city", Set.of("caen"))))));
    Map<String, Set<String>> many = new HashMap<>();
    for (int i = 0; i <= MeterOptions.CONDITIONS_MAX; i++) {
      many.put("$.p" + i, Set.of("x"));
    }
    assertRefused(
        MeteringError.METER_FILTER_INVALID,
        "exclude[0]",
        definition(Aggregation.COUNT, excluding(List.of(many))));
  }

  @Test
  void aFilterNeedsValues() {
    assertRefused(
        MeteringError.METER_FILTER_INVALID,
        "filter",
        new MeterDefinition(
            "m",
            null,
            "call",
            Aggregation.COUNT,
            null,
            Map.of(),
            Map.of("$.city", List.of()),
            MeterOptions.NONE));
  }

  @Test
  void aRoundingHasAScaleWithinBounds() {
    for (int scale : List.of(-18, 0, 18)) {
      assertDoesNotThrow(() -> new QuantityRounding(QuantityRounding.Mode.CEIL, scale));
    }
    for (int scale : List.of(-19, 19, Integer.MAX_VALUE)) {
      assertRefused(
          MeteringError.FIELD_INVALID,
          "rounding.scale",
          () -> new QuantityRounding(QuantityRounding.Mode.CEIL, scale));
    }
  }

  @Test
  void nothingThatDecidesWhatUsageMeansChanges() {
    Map<String, Set<String>> caen = Map.of("$.city", Set.of("caen"));
    Map<String, Set<String>> rouen = Map.of("$.city", Set.of("rouen"));
    QuantityRounding up = new QuantityRounding(QuantityRounding.Mode.UP, 2);
    MeterOptions options =
        new MeterOptions(BigDecimal.valueOf(95), List.of(caen, rouen), up, true, null);
    MeterDefinition definition = definition(Aggregation.PERCENTILE, options);
    Meter meter = meter(definition);
    List<MeterOptions> same = List.of(
        options, new MeterOptions(new BigDecimal("95.00"), List.of(rouen, caen), up, true, null));
    same.forEach(o ->
        assertDoesNotThrow(() -> definition(Aggregation.PERCENTILE, o).checkSameMeaning(meter)));
    Map<String, MeterOptions> others = Map.of(
        "percentile",
        new MeterOptions(BigDecimal.valueOf(99), List.of(caen, rouen), up, true, null),
        "exclude",
        new MeterOptions(BigDecimal.valueOf(95), List.of(caen), up, true, null),
        "rounding",
        new MeterOptions(BigDecimal.valueOf(95), List.of(caen, rouen), null, true, null),
        "nonNegative",
        new MeterOptions(BigDecimal.valueOf(95), List.of(caen, rouen), up, false, null));
    others.forEach((field, o) -> assertRefused(
        MeteringError.METER_CHANGE_REFUSED,
        field,
        () -> definition(Aggregation.PERCENTILE, o).checkSameMeaning(meter)));
    assertRefused(
        MeteringError.METER_CHANGE_REFUSED,
        "aggregation",
        () -> definition(Aggregation.SUM, excluding(new ArrayList<>())).checkSameMeaning(meter));
    MeterOptions daily = new MeterOptions(null, List.of(), null, false, ZoneId.of("Europe/Berlin"));
    Meter level = meter(definition(Aggregation.WEIGHTED_SUM, MeterOptions.NONE));
    assertRefused(
        MeteringError.METER_CHANGE_REFUSED,
        "weighting",
        () -> definition(Aggregation.WEIGHTED_SUM, daily).checkSameMeaning(level));
    Meter keys = meter(definition(Aggregation.WEIGHTED_UNIQUE_COUNT, operations(null, "$.op")));
    for (MeterOptions other : List.of(operations(null, "$.operation"), MeterOptions.NONE)) {
      assertRefused(
          MeteringError.METER_CHANGE_REFUSED,
          "operationProperty",
          () -> definition(Aggregation.WEIGHTED_UNIQUE_COUNT, other).checkSameMeaning(keys));
    }
  }
}
