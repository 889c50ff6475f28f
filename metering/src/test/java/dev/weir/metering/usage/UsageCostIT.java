package dev.weir.metering.usage;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import dev.weir.metering.meter.Aggregation;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterDefinition;
import dev.weir.metering.meter.MeterOptions;
import io.vertx.sqlclient.Row;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a question reads: the windows of those it asks for, not everybody's. */
class UsageCostIT {

  private static final int SUBJECTS = 1_000;
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-04-01T00:00:00Z");
  private static final RollupState STATE = new RollupState(
      Instant.parse("2026-03-31T22:00:00Z"),
      Instant.parse("2026-03-31T00:00:00Z"),
      Instant.parse("1969-12-01T00:00:00Z"));

  private static TestDatabase test;
  private static Meter meter;

  /** A month of each subject: 30 days, 22 hours, 120 minutes. */
  @BeforeAll
  static void fill() throws Exception {
    test = TestDatabase.create();
    meter = new MeterDefinition(
            "m", null, "call", Aggregation.SUM, "$.n", Map.of(), Map.of(), MeterOptions.NONE)
        .toMeter(UUID.randomUUID(), test.newTenant(), Instant.EPOCH);
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("""
          INSERT INTO usage_series (tenant_id, meter_id, series_hash, subject, groups)
          SELECT '%s', '%s', decode(md5(n::text), 'hex'), 's-' || n, '{}'
            FROM generate_series(1, %d) AS n
          """.formatted(meter.tenantId(), meter.usageId(), SUBJECTS));
      fill(statement, "usage_days", "2026-03-01Z", "2026-03-30Z", "1 day");
      fill(statement, "usage_hours", "2026-03-31Z", "2026-03-31T21:00Z", "1 hour");
      fill(statement, "usage_windows", "2026-03-31T22:00Z", "2026-03-31T23:59Z", "1 minute");
      statement.execute("ANALYZE usage_series, usage_days, usage_hours, usage_windows");
    }
  }

  private static void fill(Statement statement, String table, String from, String to, String step)
      throws Exception {
    statement.execute("""
        INSERT INTO %s (series_id, window_start, tenant_id, events, value_sum)
        SELECT s.series_id, t, s.tenant_id, 1, 1
          FROM generate_series('%s', '%s', interval '%s') AS t, usage_series s
        """.formatted(table, from, to, step));
  }

  @AfterAll
  static void stop() {
    test.close();
  }

  private static UsageQuery month(Set<String> subjects, WindowSize size) {
    return new UsageQuery(
        meter, FROM, TO, subjects, Map.of(), List.of(), true, size, ZoneOffset.UTC);
  }

  private static JsonNode plan(UsageQuery query) {
    UsageLayout layout = UsageLayout.of(query, new UsageExtent(FROM, TO), STATE);
    UsageSql sql = new UsageSql(query, layout.ranges());
    String text = sql.rows(layout.span().boundaries(), 10_000);
    Row row = await(test.database()
            .inTenant(
                meter.tenantId(),
                connection -> connection
                    .preparedQuery("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + text)
                    .execute(sql.parameters())))
        .iterator()
        .next();
    return Json.parseOwn(String.valueOf(row.getValue(0))).get(0).get("Plan");
  }

  /** Rows of windows that were looked at, whether they counted or not. */
  private static long windowsRead(JsonNode node) {
    long read = 0;
    if (node.path("Relation Name").asText().matches("usage_(windows|hours|days).*")) {
      double rows = node.path("Actual Rows").asDouble()
          + node.path("Rows Removed by Filter").asDouble()
          + node.path("Rows Removed by Index Recheck").asDouble();
      read += Math.round(rows * node.path("Actual Loops").asDouble());
    }
    for (JsonNode child : node.path("Plans")) {
      read += windowsRead(child);
    }
    return read;
  }

  @Test
  void theBillOfOneCustomerReadsTheWindowsOfThatCustomer() {
    JsonNode plan = plan(month(Set.of("s-7"), null));
    assertEquals(30 + 22 + 120, windowsRead(plan), plan::toPrettyString);
  }

  @Test
  void daysOfSomeCustomersAreReadFromTheirWindowsToo() {
    JsonNode plan = plan(month(Set.of("s-7", "s-8", "s-9"), WindowSize.DAY));
    assertEquals(3 * (30 + 22 + 120), windowsRead(plan), plan::toPrettyString);
  }

  @Test
  void aTotalOverAllReadsEachWindowOnce() {
    JsonNode plan = plan(month(Set.of(), null));
    long all = SUBJECTS * (30L + 22 + 120);
    long read = windowsRead(plan);
    assertTrue(read >= all && read <= all + SUBJECTS, () -> read + "\n" + plan.toPrettyString());
  }
}
