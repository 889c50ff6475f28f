/**
 * Finding events again: {@code GET /api/v1/events}, {@code /events/:id} and {@code /events/stream}, in the
 * shapes of OpenMeter's v1 API with position and verdict added.
 *
 * <p>Owns the parameters that filter events, the same for lists and streams, and the shape of an event that
 * was found. How they are found is {@link dev.weir.metering.explorer}'s business.
 *
 * <p>Invariants: data and extension attributes are given byte for byte as they were sent; an answer is
 * complete or says what it lacks; what a slow reader of a stream lost is counted in it.
 *
 * <p>Times: {@code from} and {@code to} are event times; {@code ingestedAt} and {@code storedAt} are when the
 * request that brought the event was received, and {@code ingestedAtFrom} and {@code ingestedAtTo} bound
 * that. Ranges have their first nanosecond and not their last.
 */
@NullMarked
package dev.weir.api.explorer;

import org.jspecify.annotations.NullMarked;
