package dev.weir.invoicing;

import dev.weir.metering.Quantity;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of an invoice.
 *
 * @param position from 1, in the order of the invoice
 * @param quantity the metered usage; 1 for a fee
 * @param amount in the currency's own decimals
 * @param exactAmount what {@code amount} was before it was rounded
 * @param explanation JSON: how the amount came about, frozen when it was billed; see {@link
 *     LineExplanation}
 */
public record InvoiceItem(
    UUID id,
    int position,
    ItemType type,
    @Nullable String rateCardKey,
    String description,
    Quantity quantity,
    BigDecimal amount,
    BigDecimal exactAmount,
    Instant periodStart,
    Instant periodEnd,
    String explanation) {}
