package dev.weir.invoicing;

import dev.weir.invoicing.number.InvoiceNumbers;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;

/** Turns drafts into issued invoices inside the caller's transaction. Thread-safe. */
public final class InvoiceIssuer {

  private final InvoiceStore invoices;
  private final InvoiceNumbers numbers;
  private final PaymentTerms terms;
  private final InstantSource clock;

  public InvoiceIssuer(
      InvoiceStore invoices, InvoiceNumbers numbers, PaymentTerms terms, InstantSource clock) {
    this.invoices = invoices;
    this.numbers = numbers;
    this.terms = terms;
    this.clock = clock;
  }

  /**
   * Gives a draft its number and opens it. The caller holds the draft's row, and does little
   * afterwards: the tenant's counter stays locked until the transaction ends.
   */
  public Future<Invoice> issue(SqlConnection connection, Invoice draft) {
    InvoiceTransitions.requireDraft(draft);
    return numbers
        .take(connection, draft.tenantId())
        .compose(number -> invoices.change(
            connection,
            InvoiceStatus.DRAFT,
            InvoiceTransitions.finalized(draft, number, terms, clock.instant())));
  }
}
