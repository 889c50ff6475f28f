/**
 * Who is billed and for what: customers with their usage subjects, and versioned plans of rate cards.
 *
 * <p>Owns: customers, plans, rate cards. A rate card is a fee or a meter with a price; its currency
 * is the plan's.
 *
 * <p>Invariants: a plan version never changes, a plan created under an existing key is its next
 * version; a subject belongs to at most one customer of a tenant; a usage card's filter only names
 * dimensions of its meter.
 *
 * <p>Times: {@code createdAt} is when we stored it, by the injected clock. A customer's time zone
 * decides where the periods of its future subscriptions begin.
 */
@NullMarked
package dev.weir.rating.catalog;

import org.jspecify.annotations.NullMarked;
