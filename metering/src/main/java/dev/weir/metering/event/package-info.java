/**
 * What a usage event is and how it is read: CloudEvents 1.0, in JSON or with its attributes beside its
 * data, decoded by one streaming parser a request into the compact records that the journal keeps.
 *
 * <p>Invariants: an event's identity is (tenant, source, id), whatever its time; the original bytes of
 * {@code data} are kept; a bad event never harms its neighbours; nothing here grows beyond the body; an
 * event has one payload hash, however it is written down. Extension attributes are part of it: whole
 * numbers and truth values as their text, as in headers; null is no attribute.
 *
 * <p>Times: {@code time} is when the usage happened, in nanoseconds since 1970, given by the sender or
 * else the receive time; {@code received} is when the request arrived, by the server's clock.
 */
@NullMarked
package dev.weir.metering.event;

import org.jspecify.annotations.NullMarked;
