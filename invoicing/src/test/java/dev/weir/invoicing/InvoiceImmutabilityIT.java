package dev.weir.invoicing;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.invoicing.run.RunRequest;
import dev.weir.rating.catalog.Plan;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the database itself refuses, from every role that could ask. */
final class InvoiceImmutabilityIT {

  private static BillingFixture fixture;
  private static UUID tenant;
  private static String issued;
  private static String draft;

  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
    tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "flat", fee("base", "5"), fee("extra", "1"));
    fixture.subscribe(tenant, "a", plan, "2026-10-15T00:00:00Z");
    fixture.bill(tenant, "2026-10-15T00:00:00Z");
    fixture.subscribe(tenant, "b", plan, "2026-10-15T00:00:00Z");
    fixture.run(
        fixture.runs(),
        tenant,
        new RunRequest(Instant.parse("2026-10-15T00:00:00Z"), false, false));
    for (Invoice invoice : fixture.all(tenant)) {
      if (invoice.status() == InvoiceStatus.DRAFT) {
        draft = invoice.id().toString();
      } else {
        issued = invoice.id().toString();
      }
    }
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static final List<String> TAMPERINGS = List.of(
      "UPDATE invoices SET total_amount = 1, subtotal = 1, amount_due = 1 WHERE invoice_id = '%s'",
      "UPDATE invoices SET invoice_number = 'INV-9' WHERE invoice_id = '%s'",
      "UPDATE invoices SET customer_name = 'Other' WHERE invoice_id = '%s'",
      "UPDATE invoices SET bill_to = '{}' WHERE invoice_id = '%s'",
      "UPDATE invoices SET notes = 'thanks' WHERE invoice_id = '%s'",
      "UPDATE invoices SET currency = 'EUR' WHERE invoice_id = '%s'",
      "UPDATE invoices SET due_date = due_date + interval '1 day' WHERE invoice_id = '%s'",
      "UPDATE invoices SET issue_date = issue_date - interval '1 us' WHERE invoice_id = '%s'",
      "UPDATE invoices SET period_end = period_end + interval '1 min' WHERE invoice_id = '%s'",
      "UPDATE invoices SET boundary = 7 WHERE invoice_id = '%s'",
      "UPDATE invoices SET subtotal = 6.000, total_amount = 6.000 WHERE invoice_id = '%s'",
      "UPDATE invoices SET status = 'draft', invoice_number = NULL, issue_date = NULL,"
          + " due_date = NULL, finalized_at = NULL WHERE invoice_id = '%s'",
      "DELETE FROM invoices WHERE invoice_id = '%s'",
      "UPDATE invoice_items SET amount = 1 WHERE invoice_id = '%s'",
      "UPDATE invoice_items SET explanation = '{}' WHERE invoice_id = '%s'",
      "UPDATE invoice_items SET position = position + 10 WHERE invoice_id = '%s'",
      "DELETE FROM invoice_items WHERE invoice_id = '%s'",
      "INSERT INTO invoice_items SELECT tenant_id, invoice_id, position + 10, item_id, type,"
          + " rate_card_key, description, quantity, amount, exact_amount, period_start, period_end,"
          + " explanation FROM invoice_items WHERE invoice_id = '%s'");

  @Test
  void anIssuedInvoiceIsChangedByNoRole() {
    for (String tampering : TAMPERINGS) {
      String sql = tampering.formatted(issued);
      refused(sql, () -> await(fixture.database.database().inTenant(tenant, run(sql))));
      refused(sql, () -> await(fixture.database.database().asEngine(run(sql))));
      refusedForSuperuser("", sql);
      refusedForSuperuser("SET ROLE weir_owner;", sql);
      // A replication session skips ordinary triggers; these stay on.
      refusedForSuperuser("SET session_replication_role = replica;", sql);
    }
    assertEquals(List.of("6.00/5.00,1.00"), fixture.look("""
            SELECT total_amount || '/' || (SELECT string_agg(amount::text, ',' ORDER BY position)
              FROM invoice_items i WHERE i.invoice_id = n.invoice_id)
            FROM invoices n WHERE invoice_id = '%s'
            """.formatted(issued)));
  }

  @Test
  void itemsCannotMoveToAnIssuedInvoice() {
    refusedForSuperuser(
        "",
        "UPDATE invoice_items SET invoice_id = '%s', position = 9 WHERE invoice_id = '%s' AND"
                .formatted(issued, draft)
            + " position = 1");
  }

  @Test
  void theTablesCannotBeEmptied() {
    refusedForSuperuser("", "TRUNCATE invoice_items");
    refusedForSuperuser("", "TRUNCATE invoices CASCADE");
  }

  @Test
  void onlyTheTransitionsOfTheRulesAreLetThrough() {
    for (String status : List.of("void", "uncollectible", "paid")) {
      refusedForSuperuser(
          "",
          "UPDATE invoices SET status = '%s', amount_due = 0 WHERE invoice_id = '%s'"
              .formatted(status, draft));
    }
    refusedForSuperuser(
        "",
        "INSERT INTO invoices SELECT (jsonb_populate_record(i, jsonb_build_object('invoice_id',"
            + " gen_random_uuid(), 'boundary', 99, 'invoice_number', 'X'))).* FROM invoices i WHERE"
            + " invoice_id = '%s'".formatted(issued));
  }

  @Test
  void aDraftWhoseItemsDoNotAddUpIsNotIssued() {
    refusedForSuperuser(
        "UPDATE invoice_items SET amount = 4.99 WHERE invoice_id = '%s' AND position = 1;"
            .formatted(draft),
        "UPDATE invoices SET status = 'open', invoice_number = 'X-1', issue_date = now(),"
            + " due_date = now(), finalized_at = now() WHERE invoice_id = '%s'".formatted(draft));
  }

  @Test
  void whatIsPaidMayChange() {
    UUID other = fixture.tenant();
    Plan plan = fixture.plan(other, "flat", fee("base", "5"));
    fixture.subscribe(other, "a", plan, "2026-10-15T00:00:00Z");
    fixture.bill(other, "2026-10-15T00:00:00Z");
    String id = fixture.all(other).get(0).id().toString();

    String pay = "UPDATE invoices SET amount_paid = 5.00, amount_due = 0.00, status = 'paid'"
        + " WHERE invoice_id = '%s'".formatted(id);
    await(fixture.database.database().inTenant(other, run(pay)));

    assertEquals(InvoiceStatus.PAID, fixture.all(other).get(0).status());
    refusedForSuperuser(
        "",
        "UPDATE invoices SET status = 'void', amount_due = 0 WHERE invoice_id = '%s'"
            .formatted(id));
  }

  private static java.util.function.Function<SqlConnection, Future<Void>> run(String sql) {
    return connection -> connection.query(sql).execute().mapEmpty();
  }

  private static void refused(String sql, org.junit.jupiter.api.function.Executable change) {
    assertEquals("23514", assertThrows(PgException.class, change, sql).getSqlState(), sql);
  }

  private static void refusedForSuperuser(String before, String sql) {
    try (Connection connection = fixture.database.superuser();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      if (!before.isEmpty()) {
        statement.execute(before);
      }
      SQLException refusal =
          assertThrows(SQLException.class, () -> statement.execute(sql), before + sql);
      assertEquals("23514", refusal.getSQLState(), before + sql + refusal);
      connection.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
