/**
 * Invoice numbers: one gapless sequence per tenant.
 *
 * <p>Invariants: a number is taken inside the transaction that issues the invoice, under the lock of
 * the tenant's counter row, so a transaction that rolls back leaves no gap and two invoices never
 * share a number; a draft has none; a number once committed stays with its invoice, void or not. The
 * price is that a tenant's invoices are issued one after the other: the counter is therefore taken as
 * late in the transaction as possible.
 */
@NullMarked
package dev.weir.invoicing.number;

import org.jspecify.annotations.NullMarked;
