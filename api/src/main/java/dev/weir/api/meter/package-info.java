/**
 * Meters and the backfills that count their past: {@code /api/v1/meters}, in the shapes of OpenMeter's v1
 * API with options of our own.
 *
 * <p>Owns how a meter is written and read on the wire, and which of its fields only a backfill can change.
 * What they mean is {@link dev.weir.metering.meter}'s business, how the past is counted {@link
 * dev.weir.metering.backfill}'s.
 *
 * <p>Invariants: a body that repeats a meter but for its label changes the label; one that would change what
 * is counted is refused unless a backfill is asked for; until that is complete the meter is shown as it
 * counts; a meter that a plan prices stays, with all its dimensions.
 *
 * <p>Times: {@code createdAt} and {@code updatedAt} are of the definition, in microseconds; a backfill's
 * {@code from} is a time of receipt, its other times are when it was begun and got on.
 */
@NullMarked
package dev.weir.api.meter;

import org.jspecify.annotations.NullMarked;
