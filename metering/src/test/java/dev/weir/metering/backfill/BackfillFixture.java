package dev.weir.metering.backfill;

import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.TestMetering.event;
import static dev.weir.metering.database.TestDatabase.await;

import dev.weir.metering.TestMetering;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.meter.MeterChange;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.Grain;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.WindowSize;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What tests of backfills ask of an engine and its database. */
final class BackfillFixture {

  private BackfillFixture() {}

  /** Lines of events with the values from..to. */
  static String events(String prefix, int from, int to) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      lines
          .append(event(
              prefix + i,
              "2026-03-0%dT00:%02d:01Z".formatted(1 + i % 3, i % 60),
              "s" + i % 3,
              "{\"n\":%d,\"m\":\"m%d\",\"other\":%d}".formatted(i, i % 4, 2 * i)))
          .append('\n');
    }
    return lines.toString();
  }

  static Backfill begin(TestMetering metering, Meter meter, @Nullable MeterChange change) {
    return begin(metering, meter, change, null);
  }

  static Backfill begin(
      TestMetering metering, Meter meter, @Nullable MeterChange change, @Nullable Instant from) {
    return await(metering
        .engine()
        .backfills()
        .begin(new Backfills.Request(UUID.randomUUID(), meter, change, from)));
  }

  static Backfill look(TestDatabase test, Meter meter, UUID id) {
    return await(test.database()
        .inTenant(
            meter.tenantId(),
            connection -> new BackfillStore().find(connection, meter, id.toString())));
  }

  static Backfill awaitState(TestDatabase test, Meter meter, UUID id, BackfillState state) {
    awaitUntil("backfill is " + state, () -> {
      Backfill now = look(test, meter, id);
      if (now.state().isEnd() && now.state() != state) {
        throw new AssertionError("ended as " + now);
      }
      return now.state() == state;
    });
    return look(test, meter, id);
  }

  /** The meter as it is stored now. */
  static Meter current(TestDatabase test, Meter meter) {
    return await(test.database()
        .inTenant(
            meter.tenantId(),
            connection ->
                new MeterStore().find(connection, meter.tenantId(), meter.id().toString())));
  }

  /** Every minute window by subject and all groups, as text. */
  static List<String> windows(TestMetering metering, Meter meter) {
    return metering
        .query(new UsageQuery(
            meter,
            null,
            null,
            Set.of(),
            Map.of(),
            List.copyOf(meter.groupBy().keySet()),
            true,
            WindowSize.MINUTE,
            ZoneOffset.UTC))
        .stream()
        .map(row ->
            "%s %s %s %s".formatted(row.windowStart(), row.subject(), row.groupBy(), row.value()))
        .toList();
  }

  /** Every row that is kept of a meter's usage, without the numbers of series. */
  static List<String> kept(TestDatabase test, Meter meter) {
    String series =
        " JOIN usage_series s USING (series_id) WHERE s.meter_id = '%s' ORDER BY 1, 2, 3, 4"
            .formatted(meter.usageId());
    List<String> rows = new ArrayList<>();
    try {
      for (Grain grain : Grain.values()) {
        rows.addAll(rows(test, """
            SELECT s.subject, s.groups, w.window_start, w.events, w.value_sum::text,
                   w.value_moment::text, w.value_min::text, w.value_max::text,
                   w.latest_value::text, w.latest_nanos, w.latest_identity
              FROM %s w""".formatted(grain.windowTable()) + series));
        rows.addAll(rows(test, """
            SELECT s.subject, s.groups, w.window_start, w.value_hash, w.occurrences
              FROM %s w""".formatted(grain.uniqueTable()) + series));
        rows.addAll(rows(test, """
            SELECT s.subject, s.groups, w.window_start, w.value::text, w.occurrences
              FROM %s w""".formatted(grain.valueTable()) + series));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  static List<String> rows(TestDatabase test, String sql) throws SQLException {
    try (Connection connection = test.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT r::text FROM (" + sql + ") r")) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  /** How many series there are under an id, rows without a series, and removals of that id. */
  static List<String> remains(TestDatabase test, UUID usageId) {
    String orphans = UsageRemovals.TABLES.stream()
        .map(
            "(SELECT count(*) FROM %s WHERE series_id NOT IN (SELECT series_id FROM usage_series))"
                ::formatted)
        .collect(Collectors.joining(" + "));
    try {
      return rows(test, """
          SELECT (SELECT count(*) FROM usage_series WHERE meter_id = '%1$s'), %2$s,
                 (SELECT count(*) FROM usage_removals WHERE usage_id = '%1$s')
          """.formatted(usageId, orphans));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rolls up what is closed, and says up to when. */
  static Instant rollUp(TestMetering metering) {
    Instant before = metering.engine().rollups().rolledTo();
    awaitUntil("something is rolled up", () -> {
      metering.engine().rollups().wake();
      return metering.engine().rollups().rolledTo().isAfter(before);
    });
    return metering.engine().rollups().rolledTo();
  }

  static void awaitRemoved(TestDatabase test, UUID usageId) {
    awaitUntil(
        "usage is removed: " + remains(test, usageId),
        () -> remains(test, usageId).equals(List.of("(0,0,0)")));
  }
}
