/**
 * Money owed: invoices, their items and what may happen to them.
 *
 * <p>Owns invoices and items, their numbers ({@link dev.weir.invoicing.number}), the billing run that
 * makes them ({@link dev.weir.invoicing.run}) and their explanation ({@link
 * dev.weir.invoicing.explain}). Knows nothing of HTTP.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Amounts are exact: each line is rounded once, half up, to the currency's scale, and subtotal
 *       and total are sums of rounded lines, so what is printed adds up.
 *   <li>An issued invoice (any status but draft) never changes except in status and in what is paid
 *       and due; the database refuses anything else, from any role.
 *   <li>There is at most one invoice per subscription and boundary, void ones included.
 *   <li>Numbers have no gaps within a tenant.
 * </ul>
 *
 * <p>Times: {@code periodStart} and {@code periodEnd} are the half-open period an invoice or a line is
 * for, as the subscription's zone cuts it; {@code createdAt} is when the draft was written, {@code
 * finalizedAt} and {@code issueDate} when it was issued (null before), {@code dueDate} when payment
 * is due.
 */
@NullMarked
package dev.weir.invoicing;

import org.jspecify.annotations.NullMarked;
