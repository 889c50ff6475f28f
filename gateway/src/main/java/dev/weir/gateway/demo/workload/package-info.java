/**
 * What the demo meters and bills, and what must come out of it.
 *
 * <p>Owns: {@link dev.weir.gateway.demo.workload.Workload}, which the generated traffic and the files
 * implement; meters, plan and prices, as JSON for the server and as arithmetic for the expectation.
 *
 * <p>Invariants: expectations come from the input alone; prices are restated in {@link
 * dev.weir.gateway.demo.workload.Tariff} and share no code with rating; all sums are exact.
 *
 * <p>Times: {@code from} and {@code until} bound the events' own times; periods are months in UTC.
 */
@NullMarked
package dev.weir.gateway.demo.workload;

import org.jspecify.annotations.NullMarked;
