package dev.weir.invoicing;

import dev.weir.metering.database.Database;
import dev.weir.rating.Slice;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's invoices: reading them and moving them through their life. Each call is one transaction
 * under row-level security. Thread-safe.
 */
public final class Invoices {

  private final Database database;
  private final InvoiceStore store;
  private final InvoiceList list;
  private final InvoiceIssuer issuer;
  private final InstantSource clock;

  public Invoices(
      Database database,
      InvoiceStore store,
      InvoiceList list,
      InvoiceIssuer issuer,
      InstantSource clock) {
    this.database = database;
    this.store = store;
    this.list = list;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** The invoice with this id or number; refuses with INVOICE_NOT_FOUND. */
  public Future<Invoice> find(UUID tenantId, String idOrNumber) {
    return database.inTenant(tenantId, connection -> store.find(connection, tenantId, idOrNumber));
  }

  /** The items of the invoice with this id or number, in order. */
  public Future<ItemsOf> items(UUID tenantId, String idOrNumber) {
    return database.inTenant(
        tenantId,
        connection -> store
            .find(connection, tenantId, idOrNumber)
            .compose(invoice ->
                store.items(connection, invoice).map(items -> new ItemsOf(invoice, items))));
  }

  /** An invoice and its items. */
  public record ItemsOf(Invoice invoice, List<InvoiceItem> items) {

    public ItemsOf {
      items = List.copyOf(items);
    }
  }

  public Future<Slice<Invoice>> list(
      UUID tenantId, InvoiceFilter filter, InvoiceOrder order, int limit, int offset) {
    return database.inTenant(
        tenantId, connection -> list.slice(connection, tenantId, filter, order, limit, offset));
  }

  /** Issues a draft; refuses with INVOICE_STATUS_REFUSED when it is none. */
  public Future<Invoice> finalizeDraft(UUID tenantId, String idOrNumber) {
    return database.inTenant(
        tenantId,
        connection -> store
            .lock(connection, tenantId, idOrNumber)
            .compose(draft -> issuer.issue(connection, draft)));
  }

  /** Takes an open invoice back; refuses with INVOICE_STATUS_REFUSED when it is not open. */
  public Future<Invoice> voidOpen(UUID tenantId, String idOrNumber, @Nullable String reason) {
    return change(
        tenantId, idOrNumber, open -> InvoiceTransitions.voided(open, reason, clock.instant()));
  }

  /** Gives an open invoice up; refuses with INVOICE_STATUS_REFUSED when it is not open. */
  public Future<Invoice> markUncollectible(
      UUID tenantId, String idOrNumber, @Nullable String reason) {
    return change(
        tenantId,
        idOrNumber,
        open -> InvoiceTransitions.uncollectible(open, reason, clock.instant()));
  }

  private Future<Invoice> change(
      UUID tenantId, String idOrNumber, Function<Invoice, Invoice> transition) {
    return database.inTenant(
        tenantId,
        connection -> store
            .lock(connection, tenantId, idOrNumber)
            .compose(invoice -> changed(connection, invoice, transition.apply(invoice))));
  }

  private Future<Invoice> changed(SqlConnection connection, Invoice before, Invoice after) {
    return store.change(connection, before.status(), after);
  }
}
