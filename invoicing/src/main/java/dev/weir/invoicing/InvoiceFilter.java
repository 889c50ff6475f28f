package dev.weir.invoicing;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which invoices a list holds; null means any.
 *
 * @param from created at or after
 * @param to created before
 * @param search part of the number or of the customer's name, case ignored
 */
public record InvoiceFilter(
    @Nullable InvoiceStatus status,
    @Nullable UUID customerId,
    @Nullable UUID subscriptionId,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String search) {

  public static final InvoiceFilter ALL = new InvoiceFilter(null, null, null, null, null, null);
}
