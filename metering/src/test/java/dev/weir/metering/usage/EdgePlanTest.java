package dev.weir.metering.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgePlanTest {

  private static final String DAY = "2026-03-29T";

  private static Meter meter(Aggregation aggregation, String zone) {
    MeterOptions options = zone == null
        ? MeterOptions.NONE
        : new MeterOptions(null, List.of(), null, false, ZoneId.of(zone));
    return new MeterDefinition("m", null, "call", aggregation, "$.n", Map.of(), Map.of(), options)
        .toMeter(UUID.randomUUID(), UUID.randomUUID(), Instant.EPOCH);
  }

  private static Instant at(String time) {
    return time.equals("-") ? null : Instant.parse(DAY + time + "Z");
  }

  private static String plan(Meter meter, String from, String to, String now) {
    UsageQuery query = new UsageQuery(
        meter, at(from), at(to), Set.of(), Map.of(), List.of(), false, null, ZoneId.of("UTC"));
    EdgePlan plan = EdgePlan.of(query, at(now));
    StringBuilder text = new StringBuilder(plan.windowsFrom() + ".." + plan.windowsTo());
    plan.pieces()
        .forEach(piece -> text.append(" %s..%s %s>%s"
            .formatted(piece.from(), piece.to(), piece.takenFrom(), piece.addedTo())));
    return text.toString().replace(DAY, "").replace(":00Z", "").replace("Z", "");
  }

  @ParameterizedTest
  @CsvSource({
    // Nothing to read.
    "SUM,10:00:00,11:00:00,12:00:00,10:00..11:00",
    "SUM,-,-,12:00:00,null..null",
    // The shorter part of a minute is read.
    "SUM,10:00:40,11:00:00,12:00:00,10:01..11:00 10:00:40..10:01 BEFORE>FIRST",
    "SUM,10:00:20,11:00:00,12:00:00,10:00..11:00 10:00..10:00:20 FIRST>BEFORE",
    "SUM,10:00:00,11:00:20,12:00:00,10:00..11:00 11:00..11:00:20 AFTER>LAST",
    "SUM,10:00:00,11:00:40,12:00:00,10:00..11:01 11:00:40..11:01 LAST>AFTER",
    // Up to now: what lies ahead is next to nothing.
    "SUM,10:00:00,11:00:20,11:00:21,10:00..11:01 11:00:20..11:01 LAST>AFTER",
    "SUM,10:00:00,11:00:20,10:00:00,10:00..11:00 11:00..11:00:20 AFTER>LAST",
    // Extremes cannot be taken back.
    "MAX,10:00:20,11:00:40,11:00:41,"
        + "10:01..11:00 10:00:20..10:01 BEFORE>FIRST 11:00..11:00:40 AFTER>LAST",
    // An open end must not follow from a minute that is not in the range.
    "SUM,10:00:20,-,12:00:00,10:01..null 10:00:20..10:01 BEFORE>FIRST",
    "SUM,-,11:00:40,12:00:00,null..11:00 11:00..11:00:40 AFTER>LAST",
    // Within one minute no window helps.
    "SUM,10:00:20,10:00:40,12:00:00,10:00..10:00 10:00:20..10:00:40 AFTER>FIRST",
    "WEIGHTED_SUM,10:00:20,10:00:40,12:00:00,"
        + "10:00..10:00 10:00..10:00:20 AFTER>BEFORE 10:00:20..10:00:40 AFTER>FIRST",
    "SUM,10:00:20,10:01:00,12:00:00,10:00..10:01 10:00..10:00:20 FIRST>BEFORE",
    "SUM,10:00:00,10:00:20,12:00:00,10:00..10:00 10:00..10:00:20 AFTER>LAST"
  })
  void asLittleAsPossibleIsReadOfTheEvents(
      Aggregation aggregation, String from, String to, String now, String plan) {
    assertEquals(plan, plan(meter(aggregation, null), from, to, now));
  }

  @Test
  void whatCountsByDaysNeedsNoEvents() {
    Meter meter = meter(Aggregation.WEIGHTED_SUM, "UTC");
    assertEquals("00:01..00:01", plan(meter, "00:00:20", "00:00:40", "12:00:00"));
    assertEquals("00:01..11:01", plan(meter, "00:00:20", "11:00:10", "12:00:00"));
  }
}
