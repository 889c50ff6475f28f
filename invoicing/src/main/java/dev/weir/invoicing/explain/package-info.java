/**
 * Why an invoice says what it says: line, price and tier steps, usage windows.
 *
 * <p>What decided the amount (price, steps, meter, filter, the customer's subjects) was frozen into the
 * line when it was billed and is only repeated here. Usage windows are read when asked for, so that
 * usage which arrived after the invoice shows as a difference between the quantity billed and the
 * quantity there is now; the invoice itself never changes.
 *
 * <p>Bounds: a page shows at most {@code 1,000} windows per line; pages are slices of the period, so
 * a page with little usage is short, not late.
 */
@NullMarked
package dev.weir.invoicing.explain;

import org.jspecify.annotations.NullMarked;
