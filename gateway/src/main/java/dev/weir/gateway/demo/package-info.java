/**
 * {@code ./weir demo}: an outside client that walks the main job over real HTTP and judges the result.
 *
 * <p>Owns: a deterministic generator of a month of LLM API traffic, a reader for CSV files, the client
 * that sends both, and totals that are computed here, from the input alone. It shares no code with
 * metering, rating or invoicing, so that a mistake there cannot hide in the expectation: sums are
 * plain {@code long} or {@code BigDecimal}, prices are restated in {@link
 * dev.weir.gateway.demo.Tariff}.
 *
 * <p>Invariants: the input is streamed, never held whole; every queue, retry and list of differences
 * is bounded; the same options give the same bytes; the verdict is OK only if every verdict count,
 * every usage total, every invoice line and every invoice total is equal to the last digit.
 *
 * <p>Times: an event's {@code time} is when the call happened, drawn by the generator or read from
 * the file; the clock given to {@link dev.weir.gateway.demo.DemoCommand} only measures how long
 * things took.
 */
@NullMarked
package dev.weir.gateway.demo;

import org.jspecify.annotations.NullMarked;
