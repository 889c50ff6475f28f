/**
 * Invoices, their explanation, and billing runs on the wire.
 *
 * <p>Shapes: money is a JSON number with exactly the currency's decimals; quantities, exact amounts
 * and everything inside an explanation are decimal strings. {@code :id} of an invoice is its id or its
 * number. Reading needs {@code READ}, everything else {@code BILL}.
 */
@NullMarked
package dev.weir.api.invoices;

import org.jspecify.annotations.NullMarked;
