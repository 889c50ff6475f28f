/**
 * What a user could take instead to bill by usage: Kill Bill's usage API, of an old release (0.22.26 of
 * August 2021, the newest that Maven Central has whole), on Jetty, with the PostgreSQL that Weir embeds and
 * the same settings of it.
 *
 * <p>Kill Bill is no meter and does not claim to be: its documentation asks for a summary a day and
 * subscription. A record has a unit, a day and an amount; there is no event id, no event time, no property
 * and no group. A request has one tracking id, and a second one with the same is refused as a whole. What
 * is recorded is rows, which are added up when an invoice is made. So a record here is less than an event
 * there, and each is one row as each event would be.
 *
 * <p>It is measured at the batch that gives it the most: several are tried in a closed loop first.
 */
@NullMarked
package dev.weir.benchmarks.killbill;

import org.jspecify.annotations.NullMarked;
