/**
 * Events over HTTP: how many a server takes, and after what time it acknowledges them.
 *
 * <p>After each run the meter's total is compared with what was acknowledged: a figure of a server that
 * loses or doubles events is worth nothing. An event's time is the second in which its request was due
 * to leave; a request's latency counts from when it was due.
 */
@NullMarked
package dev.weir.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
