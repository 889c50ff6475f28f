package dev.weir.rating.catalog;

import dev.weir.metering.Ids;
import dev.weir.metering.Refusal;
import dev.weir.metering.json.Json;
import dev.weir.metering.json.JsonFields;
import dev.weir.rating.Money;
import dev.weir.rating.RatingError;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads and writes customers inside the caller's transaction. Thread-safe. */
public final class CustomerStore {

  /** The key of the tenant's own customer, which subscriptions without a customer belong to. */
  public static final String OWN_KEY = "default";

  // A taken key gives no row instead of an error: an error would abort the caller's transaction.
  private static final String INSERT = """
      INSERT INTO customers (tenant_id, customer_id, key, name, email, currency, time_zone, address,
          tax_id, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10)
      ON CONFLICT ON CONSTRAINT customers_key_taken DO NOTHING
      RETURNING customer_id
      """;

  private static final String INSERT_SUBJECTS = """
      INSERT INTO customer_subjects (tenant_id, subject, customer_id)
      SELECT $1, subject, $2 FROM unnest($3::text[]) AS wanted (subject) ORDER BY subject
      ON CONFLICT ON CONSTRAINT customer_subjects_taken DO NOTHING
      RETURNING subject
      """;

  private static final String INSERT_OWN = """
      INSERT INTO customers (tenant_id, customer_id, key, name, currency, time_zone, created_at)
      SELECT tenant_id, $2, $3, name, $4, 'UTC', $5 FROM tenants WHERE tenant_id = $1
      ON CONFLICT ON CONSTRAINT customers_key_taken DO NOTHING
      """;

  private static final String SELECT = """
      SELECT tenant_id, customer_id, key, name, email, currency, time_zone,
          address::text AS address, tax_id, created_at,
          ARRAY(SELECT subject FROM customer_subjects s
            WHERE s.tenant_id = c.tenant_id AND s.customer_id = c.customer_id) AS subjects
      FROM customers c
      """;

  private static final String BY_ID = SELECT + "WHERE tenant_id = $1 AND customer_id = $2";

  private static final String BY_KEY = SELECT + "WHERE tenant_id = $1 AND key = $2";

  private static final String LIST =
      SELECT + "WHERE tenant_id = $1 ORDER BY created_at DESC, customer_id DESC LIMIT $2 OFFSET $3";

  private static final String COUNT =
      "SELECT count(*) AS total FROM customers WHERE tenant_id = $1";

  private final Ids ids;
  private final InstantSource clock;

  public CustomerStore(Ids ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Creates a customer with its subjects; refuses with CUSTOMER_KEY_TAKEN or CUSTOMER_SUBJECT_TAKEN,
   * after which the caller must let the transaction roll back.
   */
  public Future<Customer> create(SqlConnection connection, UUID tenantId, CustomerDraft draft) {
    UUID id = ids.next();
    Address address = draft.address();
    Tuple row = Tuple.of(tenantId, id, draft.key(), draft.name());
    row.addString(draft.email());
    row.addString(draft.currency().getCurrencyCode());
    row.addString(draft.timeZone().getId());
    row.addString(address == null ? null : Json.text(AddressJson.write(address)));
    row.addString(draft.taxId());
    row.addOffsetDateTime(now());
    return connection
        .preparedQuery(INSERT)
        .execute(row)
        .compose(inserted -> {
          if (inserted.size() == 0) {
            throw new Refusal(
                RatingError.CUSTOMER_KEY_TAKEN,
                "key",
                "There is already a customer with the key '%s'; choose another."
                    .formatted(draft.key()));
          }
          return insertSubjects(connection, tenantId, id, draft.subjects());
        })
        .compose(inserted -> find(connection, tenantId, id.toString()));
  }

  private static Future<Void> insertSubjects(
      SqlConnection connection, UUID tenantId, UUID id, List<String> subjects) {
    if (subjects.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(INSERT_SUBJECTS)
        .execute(Tuple.of(tenantId, id, subjects.toArray(String[]::new)))
        .map(inserted -> {
          checkAllInserted(subjects, inserted);
          return null;
        });
  }

  private static void checkAllInserted(List<String> subjects, RowSet<Row> inserted) {
    Set<String> free = new HashSet<>();
    inserted.forEach(row -> free.add(row.getString("subject")));
    for (int i = 0; i < subjects.size(); i++) {
      if (!free.contains(subjects.get(i))) {
        throw new Refusal(
            RatingError.CUSTOMER_SUBJECT_TAKEN,
            "subjects[" + i + "]",
            "The subject '%s' belongs to another customer; a subject has only one."
                .formatted(subjects.get(i)));
      }
    }
  }

  /** The tenant's customer with this id or key; refuses with CUSTOMER_NOT_FOUND. */
  public Future<Customer> find(SqlConnection connection, UUID tenantId, String idOrKey) {
    UUID id = Keys.idOf(idOrKey);
    return connection
        .preparedQuery(id == null ? BY_KEY : BY_ID)
        .execute(Tuple.of(tenantId, id == null ? idOrKey : id))
        .map(rows -> {
          if (rows.size() == 0) {
            throw new Refusal(
                RatingError.CUSTOMER_NOT_FOUND, "There is no customer '%s'.".formatted(idOrKey));
          }
          return customer(rows.iterator().next());
        });
  }

  /**
   * The tenant's own customer, with the key {@value #OWN_KEY}; created when there is none, named
   * after the tenant, in this currency, in UTC and without subjects.
   */
  public Future<Customer> own(SqlConnection connection, UUID tenantId, Currency currency) {
    return connection
        .preparedQuery(INSERT_OWN)
        .execute(Tuple.of(tenantId, ids.next(), OWN_KEY, currency.getCurrencyCode(), now()))
        .compose(inserted -> find(connection, tenantId, OWN_KEY));
  }

  /** A slice of the tenant's customers, newest first. */
  public Future<Slice<Customer>> list(
      SqlConnection connection, UUID tenantId, int limit, int offset) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(tenantId, limit, offset))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
            .map(CustomerStore::customer)
            .toList())
        .compose(customers -> connection
            .preparedQuery(COUNT)
            .execute(Tuple.of(tenantId))
            .map(rows -> new Slice<>(customers, rows.iterator().next().getLong("total"))));
  }

  private OffsetDateTime now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }

  private static Customer customer(Row row) {
    return new Customer(
        row.getUUID("customer_id"),
        row.getUUID("tenant_id"),
        row.getString("key"),
        row.getString("name"),
        row.getString("email"),
        Money.currency(row.getString("currency"), "currency"),
        ZoneId.of(row.getString("time_zone")),
        Arrays.asList(row.getArrayOfStrings("subjects")),
        address(row.getString("address")),
        row.getString("tax_id"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  private static @Nullable Address address(@Nullable String json) {
    return json == null ? null : AddressJson.read(JsonFields.of(Json.parseOwn(json)));
  }
}
