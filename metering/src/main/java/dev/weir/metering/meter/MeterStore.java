package dev.weir.metering.meter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.json.Json;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads and writes meters inside the caller's transaction. */
public final class MeterStore {

  private static final String COLUMNS =
      "meter_id, tenant_id, key, name, description, metadata::text, event_type, aggregation, value_property,"
          + " group_by::text, filter::text, percentile::text, exclude::text, rounding_mode,"
          + " rounding_scale, non_negative, weighting_zone, operation_property, active_from, active_to,"
          + " created_at, updated_at, coalesce(usage_id, meter_id) AS usage_id";

  /** Any number that nobody else locks in this database: "meters". */
  private static final long CHANGES_LOCK = 0x6d6574657273L;

  /** Most meters of one tenant: every event is checked against those of its type. */
  public static final int METERS_MAX = 1_000;

  /**
   * Adds a meter that counts events after a journal position; refuses with METER_KEY_TAKEN, or with
   * METER_TOO_MANY.
   */
  public Future<Meter> add(SqlConnection connection, Meter meter, JournalPosition activeFrom) {
    return connection
        .preparedQuery("SELECT count(*) FROM meters WHERE tenant_id = $1 AND deleted_at IS NULL")
        .execute(Tuple.of(meter.tenantId()))
        .compose(rows -> rows.iterator().next().getLong(0) >= METERS_MAX
            ? Future.failedFuture(tooMany())
            : insert(connection, meter, activeFrom));
  }

  private static Refusal tooMany() {
    return new Refusal(
        MeteringError.METER_TOO_MANY,
        "A tenant has at most %d meters; delete one that is not needed.".formatted(METERS_MAX));
  }

  private static Future<Meter> insert(
      SqlConnection connection, Meter meter, JournalPosition activeFrom) {
    return connection
        .preparedQuery("""
            INSERT INTO meters (meter_id, tenant_id, key, description, event_type, aggregation,
                                value_property, group_by, filter, active_from, created_at, updated_at,
                                percentile, exclude, rounding_mode, rounding_scale, non_negative,
                                weighting_zone, operation_property, name, metadata)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb, $10, $11, $11,
                    $12::text::numeric, $13::text::jsonb, $14, $15, $16, $17, $18, $19,
                    $20::text::jsonb)
            """)
        .execute(addOptionsAndLabel(
            Tuple.of(
                meter.id(),
                meter.tenantId(),
                meter.key(),
                meter.label().description(),
                meter.eventType(),
                meter.aggregation().name(),
                meter.valueProperty() == null ? null : meter.valueProperty().text(),
                Json.text(groupByTexts(meter)),
                Json.text(new TreeMap<>(meter.filter())),
                activeFrom.toString(),
                meter.createdAt().atOffset(ZoneOffset.UTC)),
            meter))
        .map(meter)
        .recover(
            failure -> Future.failedFuture(isKeyTaken(failure) ? keyTaken(meter.key()) : failure));
  }

  private static Tuple addOptionsAndLabel(Tuple tuple, Meter meter) {
    return addOptions(tuple, meter.options())
        .addString(meter.label().name())
        .addString(Json.text(meter.label().metadata()));
  }

  private static Tuple addOptions(Tuple tuple, MeterOptions options) {
    BigDecimal percentile = options.percentile();
    QuantityRounding rounding = options.rounding();
    ZoneId zone = options.weightingZone();
    JsonPath operation = options.operationProperty();
    return tuple
        .addString(percentile == null ? null : percentile.toPlainString())
        .addString(Json.text(options.exclude().stream().map(TreeMap::new).toList()))
        .addString(rounding == null ? null : rounding.mode().name())
        .addInteger(rounding == null ? null : rounding.scale())
        .addBoolean(options.nonNegative())
        .addString(zone == null ? null : zone.getId())
        .addString(operation == null ? null : operation.text());
  }

  private static boolean isKeyTaken(Throwable failure) {
    return failure instanceof PgException pg
        && "23505".equals(pg.getSqlState())
        && "meters_key".equals(pg.getConstraint());
  }

  private static Refusal keyTaken(String key) {
    return new Refusal(
        MeteringError.METER_KEY_TAKEN,
        "slug",
        "There is a meter '%s' already; choose another slug.".formatted(key));
  }

  /**
   * Waits until every other transaction that changes meters has ended, and keeps others out until this
   * one does. A change whose answer was lost may be committed later than its caller looks: to know
   * which meters there are, a reader who must not miss it takes this first.
   */
  public Future<Void> lockChanges(SqlConnection connection) {
    return connection
        .preparedQuery("SELECT pg_advisory_xact_lock($1)")
        .execute(Tuple.of(CHANGES_LOCK))
        .mapEmpty();
  }

  /** The tenant's meter with this id or key; refuses with METER_NOT_FOUND. */
  public Future<Meter> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    return find(connection, tenantId, idOrKey, "");
  }

  /** The same, and nobody can delete the meter before the caller's transaction ends. */
  public Future<Meter> findAndKeep(SqlConnection connection, UUID tenantId, String idOrKey) {
    return find(connection, tenantId, idOrKey, " FOR SHARE");
  }

  private Future<Meter> find(
      SqlConnection connection, UUID tenantId, String idOrKey, String locking) {
    return findRow(connection, tenantId, idOrKey, locking).map(MeterStore::meter);
  }

  private Future<Row> findRow(
      SqlConnection connection, UUID tenantId, String idOrKey, String locking) {
    return connection
        .preparedQuery("SELECT "
            + COLUMNS
            + " FROM meters WHERE tenant_id = $1 AND deleted_at IS NULL"
            + " AND (key = $2 OR meter_id::text = lower($2)) ORDER BY (key = $2) DESC LIMIT 1"
            + locking)
        .execute(Tuple.of(tenantId, idOrKey))
        .compose(rows -> rows.size() == 0
            ? Future.failedFuture(notFound(idOrKey))
            : Future.succeededFuture(rows.iterator().next()));
  }

  /** Locks the meter's row for a change; refuses with METER_NOT_FOUND if it is gone. */
  public Future<Void> lock(SqlConnection connection, Meter meter) {
    return connection
        .preparedQuery(
            "SELECT 1 FROM meters WHERE tenant_id = $1 AND meter_id = $2 AND deleted_at IS NULL"
                + " FOR UPDATE")
        .execute(Tuple.of(meter.tenantId(), meter.id()))
        .compose(rows -> rows.size() == 0
            ? Future.failedFuture(notFound(meter.key()))
            : Future.succeededFuture());
  }

  private static Refusal notFound(String idOrKey) {
    return new Refusal(
        MeteringError.METER_NOT_FOUND, "There is no meter '%s' in this tenant.".formatted(idOrKey));
  }

  /** The tenant's meters by key; at most 1,000. */
  public Future<List<Meter>> list(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery("SELECT "
            + COLUMNS
            + " FROM meters WHERE tenant_id = $1 AND deleted_at IS NULL ORDER BY key LIMIT 1000")
        .execute(Tuple.of(tenantId))
        .map(rows -> stream(rows).map(MeterStore::meter).toList());
  }

  /** Changes the one thing about a meter that may change. */
  public Future<Void> describe(
      SqlConnection connection, Meter meter, MeterLabel label, Instant updatedAt) {
    return connection
        .preparedQuery("UPDATE meters SET name = $3, description = $4, metadata = $5::text::jsonb,"
            + " updated_at = $6 WHERE tenant_id = $1 AND meter_id = $2")
        .execute(Tuple.of(
            meter.tenantId(),
            meter.id(),
            label.name(),
            label.description(),
            Json.text(label.metadata()),
            updatedAt.atOffset(ZoneOffset.UTC)))
        .mapEmpty();
  }

  /** Hides a meter and frees its key; its windows stay for what was billed by them. */
  public Future<Void> delete(
      SqlConnection connection, Meter meter, Instant deletedAt, JournalPosition activeTo) {
    return connection
        .preparedQuery("UPDATE meters SET deleted_at = $3, active_to = $4"
            + " WHERE tenant_id = $1 AND meter_id = $2 AND deleted_at IS NULL")
        .execute(Tuple.of(
            meter.tenantId(), meter.id(), deletedAt.atOffset(ZoneOffset.UTC), activeTo.toString()))
        .mapEmpty();
  }

  /** Every tenant's meters, as the engine; deleted ones too, for the events before their end. */
  public Future<List<ActiveMeter>> active(SqlConnection connection) {
    return connection
        .query("SELECT " + COLUMNS + " FROM meters")
        .execute()
        .map(MeterStore::activeMeters);
  }

  /** The tenant's meter with this id or key, and what counts for it; refuses with METER_NOT_FOUND. */
  public Future<ActiveMeter> findActive(SqlConnection connection, UUID tenantId, String idOrKey) {
    return findRow(connection, tenantId, idOrKey, "").map(MeterStore::activeMeter);
  }

  /** One tenant's meters, with the positions from which they count. */
  public Future<List<ActiveMeter>> active(SqlConnection connection, UUID tenantId) {
    return connection
        .preparedQuery("SELECT " + COLUMNS + " FROM meters WHERE tenant_id = $1")
        .execute(Tuple.of(tenantId))
        .map(MeterStore::activeMeters);
  }

  private static List<ActiveMeter> activeMeters(RowSet<Row> rows) {
    return stream(rows).map(MeterStore::activeMeter).toList();
  }

  private static ActiveMeter activeMeter(Row row) {
    return new ActiveMeter(
        meter(row),
        JournalPosition.parse(row.getString("active_from"), "active_from"),
        row.getString("active_to") == null
            ? null
            : JournalPosition.parse(row.getString("active_to"), "active_to"));
  }

  /**
   * Puts usage that was counted anew in the place of a meter's usage, together with the definition that
   * it was counted by; gives the meter as it was. Refuses with METER_NOT_FOUND.
   *
   * @param activeFrom the position before the first event that was counted anew
   */
  public Future<Meter> replaceUsage(
      SqlConnection connection, Meter counted, JournalPosition activeFrom, Instant now) {
    return find(connection, counted.tenantId(), counted.id().toString(), " FOR UPDATE")
        .compose(before -> connection
            .preparedQuery("""
                UPDATE meters
                   SET usage_id = $3, value_property = $4, group_by = $5::text::jsonb,
                       filter = $6::text::jsonb, active_from = $7, updated_at = $8,
                       percentile = $9::text::numeric, exclude = $10::text::jsonb,
                       rounding_mode = $11, rounding_scale = $12, non_negative = $13,
                       weighting_zone = $14, operation_property = $15
                 WHERE tenant_id = $1 AND meter_id = $2
                """)
            .execute(addOptions(
                Tuple.of(
                    counted.tenantId(),
                    counted.id(),
                    counted.usageId(),
                    counted.valueProperty() == null
                        ? null
                        : counted.valueProperty().text(),
                    Json.text(groupByTexts(counted)),
                    Json.text(new TreeMap<>(counted.filter())),
                    activeFrom.toString(),
                    changedAt(before, counted, now).atOffset(ZoneOffset.UTC)),
                counted.options()))
            .map(before));
  }

  private static Instant changedAt(Meter before, Meter after, Instant now) {
    return MeterChange.of(before).equals(MeterChange.of(after)) ? before.updatedAt() : now;
  }

  private static Map<String, String> groupByTexts(Meter meter) {
    Map<String, String> groupBy = new TreeMap<>();
    meter.groupBy().forEach((name, path) -> groupBy.put(name, path.text()));
    return groupBy;
  }

  private static java.util.stream.Stream<Row> stream(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static Meter meter(Row row) {
    String value = row.getString("value_property");
    TreeMap<String, JsonPath> groupBy = new TreeMap<>();
    Json.parseOwn(row.getString("group_by"))
        .properties()
        .forEach(e -> groupBy.put(e.getKey(), JsonPath.parse(e.getValue().textValue(), "groupBy")));
    return new Meter(
        row.getUUID("meter_id"),
        row.getUUID("tenant_id"),
        row.getString("key"),
        label(row),
        row.getString("event_type"),
        Aggregation.valueOf(row.getString("aggregation")),
        value == null ? null : JsonPath.parse(value, "valueProperty"),
        groupBy,
        conditions(Json.parseOwn(row.getString("filter"))),
        options(row),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        row.getUUID("usage_id"));
  }

  private static MeterOptions options(Row row) {
    String percentile = row.getString("percentile");
    String mode = row.getString("rounding_mode");
    String zone = row.getString("weighting_zone");
    String operation = row.getString("operation_property");
    List<Map<String, Set<String>>> exclude = new ArrayList<>();
    Json.parseOwn(row.getString("exclude")).forEach(entry -> exclude.add(conditions(entry)));
    return new MeterOptions(
        percentile == null ? null : new BigDecimal(percentile),
        exclude,
        mode == null
            ? null
            : new QuantityRounding(
                QuantityRounding.Mode.valueOf(mode), row.getInteger("rounding_scale")),
        row.getBoolean("non_negative"),
        zone == null ? null : ZoneId.of(zone),
        operation == null ? null : JsonPath.parse(operation, "operationProperty"));
  }

  private static Map<String, Set<String>> conditions(JsonNode paths) {
    Map<String, Set<String>> conditions = new HashMap<>();
    paths.properties().forEach(e -> conditions.put(e.getKey(), texts(e.getValue())));
    return conditions;
  }

  private static MeterLabel label(Row row) {
    TreeMap<String, String> metadata = new TreeMap<>();
    Json.parseOwn(row.getString("metadata"))
        .properties()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().textValue()));
    return new MeterLabel(row.getString("name"), row.getString("description"), metadata);
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new LinkedHashSet<>();
    array.forEach(node -> texts.add(node.textValue()));
    return texts;
  }
}
