/**
 * Taking in events: {@code POST /api/v1/events}, with bodies in the shapes of OpenMeter's v1 API.
 *
 * <p>Owns how a request carries its events (the forms of CloudEvents' HTTP binding, lines, gzip), what
 * bodies may take of the heap, and the shape of the verdicts. What an event is, and what becomes of it, is
 * {@link dev.weir.metering.event}'s and {@link dev.weir.metering.ingest}'s.
 *
 * <p>Invariants: the form is told by the headers, before any of the body is read; a body grows to its bound
 * and no further, packed or unpacked, and all bodies together to theirs, whatever their senders announce;
 * an answer means that what it calls accepted is on stable storage.
 *
 * <p>Times: a request is received when its body is complete, by the server's clock; an event has
 * its own time.
 */
@NullMarked
package dev.weir.api.ingest;

import org.jspecify.annotations.NullMarked;
