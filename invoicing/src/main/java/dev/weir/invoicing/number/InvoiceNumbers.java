package dev.weir.invoicing.number;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.UUID;

/** Gives out a tenant's invoice numbers, without gaps. Thread-safe. */
public final class InvoiceNumbers {

  /**
   * Takes the tenant's next number, for example {@code INV-000001}. Holds the tenant's counter until
   * the caller's transaction ends, so call it last; one round trip.
   */
  public Future<String> take(SqlConnection connection, UUID tenantId) {
    return connection.preparedQuery("""
            INSERT INTO invoice_numbers (tenant_id, last_number) VALUES ($1, 1)
            ON CONFLICT (tenant_id) DO UPDATE
              SET last_number = invoice_numbers.last_number + 1
            RETURNING prefix, last_number
            """).execute(Tuple.of(tenantId)).map(rows -> {
      Row row = rows.iterator().next();
      return format(row.getString("prefix"), row.getLong("last_number"));
    });
  }

  /** At least six digits, so that the first million of numbers sort as text. */
  static String format(String prefix, long number) {
    return prefix + String.format(Locale.ROOT, "%06d", number);
  }
}
