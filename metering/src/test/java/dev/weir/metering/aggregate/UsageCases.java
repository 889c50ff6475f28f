package dev.weir.metering.aggregate;

import static dev.weir.metering.database.TestDatabase.await;

import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.JsonPath;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import dev.weir.metering.meter.QuantityRounding;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import dev.weir.metering.usage.UsageStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Meters of every kind, and what queries of them give, printed as {@link UsageOracle} does. */
public final class UsageCases {

  private static final Instant CREATED = Instant.parse("2026-03-07T00:00:00Z");

  private UsageCases() {}

  private static Meter meter(Aggregation aggregation, MeterOptions options) {
    return new MeterDefinition(
            "m",
            null,
            "call",
            aggregation,
            aggregation.takesValue() ? "$.n" : null,
            Map.of("model", "$.m"),
            Map.of(),
            options)
        .toMeter(UUID.randomUUID(), Decoding.TENANT, CREATED);
  }

  /** Each aggregation, and those for which options make a difference once more with them. */
  public static List<Meter> meters() {
    List<Meter> meters = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      BigDecimal percentile =
          aggregation == Aggregation.PERCENTILE ? new BigDecimal("66.6667") : null;
      meters.add(meter(
          aggregation,
          new MeterOptions(percentile, List.of(), null, false, null, operation(aggregation))));
      meters.add(meter(
          aggregation,
          new MeterOptions(
              percentile,
              List.of(),
              new QuantityRounding(
                  QuantityRounding.Mode.HALF_EVEN, aggregation == Aggregation.SUM ? -1 : 2),
              aggregation != Aggregation.MIN,
              aggregation.isLevel() ? ZoneId.of("Australia/Lord_Howe") : null,
              operation(aggregation))));
    }
    return meters;
  }

  private static JsonPath operation(Aggregation aggregation) {
    return aggregation == Aggregation.WEIGHTED_UNIQUE_COUNT ? JsonPath.parse("$.o", "") : null;
  }

  private static String print(UsageQuery query, UsageRow row) {
    return row.value() + " " + row.windowStart() + " " + row.windowEnd() + " "
        + (query.bySubject() ? row.subject() : "-") + " "
        + (query.groupBy().isEmpty() ? "-" : "[" + row.groupBy().get("model") + "]");
  }

  /** The rows that a query gives. */
  public static List<String> rows(TestDatabase test, UsageQuery query) {
    return await(test.database().inTenant(Decoding.TENANT, c -> new UsageStore().query(c, query)))
        .stream()
        .map(row -> print(query, row))
        .toList();
  }
}
