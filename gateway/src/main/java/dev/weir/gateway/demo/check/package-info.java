/**
 * Compares what the server says with what must come out: usage, running bills, invoices.
 *
 * <p>Owns: the questions asked over HTTP, and the list of what differs.
 *
 * <p>Invariants: equal means equal to the last digit; every comparison that fails is counted, the
 * first ones are kept with both values; waiting for something to become visible is bounded.
 *
 * <p>Times: those in answers are the server's; nothing is stamped here.
 */
@NullMarked
package dev.weir.gateway.demo.check;

import org.jspecify.annotations.NullMarked;
