package dev.weir.invoicing.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.invoicing.Invoice;
import dev.weir.invoicing.InvoiceItem;
import dev.weir.invoicing.InvoiceStore;
import dev.weir.invoicing.InvoicingError;
import dev.weir.invoicing.ItemType;
import dev.weir.metering.Refusal;
import dev.weir.metering.database.Database;
import dev.weir.metering.json.Json;
import dev.weir.rating.catalog.MeterLookup;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Explains invoices; each call is one transaction under row-level security, with a handful of queries
 * per usage line. Thread-safe.
 */
public final class InvoiceExplainer {

  private final Database database;
  private final InvoiceStore invoices;
  private final UsageReading usage;

  public InvoiceExplainer(
      Database database, InvoiceStore invoices, MeterLookup meters, UsageWindows windows) {
    this.database = database;
    this.invoices = invoices;
    this.usage = new UsageReading(meters, windows);
  }

  /** Refuses with INVOICE_NOT_FOUND or EXPLAIN_LINE_UNKNOWN. */
  public Future<InvoiceExplanation> explain(
      UUID tenantId, String idOrNumber, ExplainRequest request) {
    return database.inTenant(
        tenantId,
        connection -> invoices
            .find(connection, tenantId, idOrNumber)
            .compose(invoice -> invoices
                .items(connection, invoice)
                .compose(items -> lines(connection, invoice, wanted(items, request), request))
                .map(lines -> new InvoiceExplanation(invoice, lines))));
  }

  private static List<InvoiceItem> wanted(List<InvoiceItem> items, ExplainRequest request) {
    String line = request.line();
    if (line == null) {
      return items;
    }
    for (InvoiceItem item : items) {
      if (line.equals(item.rateCardKey()) || line.equals(String.valueOf(item.position()))) {
        return List.of(item);
      }
    }
    throw new Refusal(
        InvoicingError.EXPLAIN_LINE_UNKNOWN,
        "line",
        "The invoice has no line '%s'; give a position from 1 to %d or a rate card's key."
            .formatted(line, items.size()));
  }

  private Future<List<InvoiceExplanation.Line>> lines(
      SqlConnection connection, Invoice invoice, List<InvoiceItem> items, ExplainRequest request) {
    Future<List<InvoiceExplanation.Line>> lines = Future.succeededFuture(new ArrayList<>());
    for (InvoiceItem item : items) {
      lines = lines.compose(done -> line(connection, invoice, item, request).map(line -> {
        done.add(line);
        return done;
      }));
    }
    return lines;
  }

  private Future<InvoiceExplanation.Line> line(
      SqlConnection connection, Invoice invoice, InvoiceItem item, ExplainRequest request) {
    JsonNode frozen = Json.parseOwn(item.explanation());
    if (item.type() != ItemType.USAGE) {
      return Future.succeededFuture(new InvoiceExplanation.Line(item, frozen, null, null));
    }
    return usage
        .read(connection, invoice.tenantId(), item, frozen, request)
        .map(read -> new InvoiceExplanation.Line(item, frozen, read.usage(), read.missing()));
  }
}
