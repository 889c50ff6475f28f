/**
 * {@code ./weir demo}: an outside client that walks the main job over real HTTP and judges the result.
 *
 * <p>Owns: the command and its options, the steps in their order, the report. What is sent is a {@link
 * dev.weir.gateway.demo.workload.Workload}, from {@code demo.traffic} or {@code demo.files}; what
 * comes back is judged in {@code demo.check}. It shares no code with metering, rating or invoicing,
 * so that a mistake there cannot hide in the expectation.
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
