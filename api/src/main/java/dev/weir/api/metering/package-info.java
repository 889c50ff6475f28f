/**
 * Events, meters and usage queries under {@code /api/v1}: plain bodies in the shapes of OpenMeter's v1
 * API, so that its clients work by changing the base URL. What the parameters of each route mean is said at
 * its class.
 *
 * <p>Times of ranges may lie on any second; fractions of a second are dropped, as OpenMeter does.
 */
@NullMarked
package dev.weir.api.metering;

import org.jspecify.annotations.NullMarked;
