/**
 * Routes of customers, plans, subscriptions with their running bill, and the price preview.
 *
 * <p>Owns: the wire shapes under {@code /api/billing} of these resources. Money in resources is a JSON
 * number; prices, quantities and the amounts of bills and previews are decimal strings, because they
 * may be unrounded. {@code :id} accepts an id or, where there is one, a key.
 *
 * <p>Invariants: a request field that means something we do not do yet is refused, never ignored;
 * reading needs {@code READ}, everything sent by POST needs {@code WRITE}.
 */
@NullMarked
package dev.weir.api.catalog;

import org.jspecify.annotations.NullMarked;
