/**
 * Usage as meters counted it: windows and totals, running totals, the values of a dimension and the
 * subjects of a meter, below {@code /api/v1/meters/:id}, in the shapes of OpenMeter's v1 API.
 *
 * <p>Owns the parameters of a range and its filters, the same for all of them; the answers as JSON and CSV;
 * and the question whose usage a customer pays for, which {@link dev.weir.api.usage.CustomerSubjects}
 * answers. Counting is the engine's: {@link dev.weir.metering.usage}, {@link dev.weir.metering.detail},
 * {@link dev.weir.metering.asof}.
 *
 * <p>Invariants: values keep every digit, as JSON numbers or, when asked for, as strings; a parameter of
 * OpenMeter's that would change the answer and is not offered is refused, never overlooked; with {@code
 * after} an answer has what was acknowledged up to that position.
 *
 * <p>Times are event times, from the first up to and without the last, on any second; fractions of a second
 * are dropped, as OpenMeter does. Only {@code asOf}, where it is a time, is compared with when events
 * were received.
 */
@NullMarked
package dev.weir.api.usage;

import org.jspecify.annotations.NullMarked;
