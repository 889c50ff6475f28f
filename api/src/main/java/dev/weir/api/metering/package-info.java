/**
 * Events, meters and usage queries under {@code /api/v1}: plain bodies in the shapes of OpenMeter's v1
 * API, so that its clients work by changing the base URL.
 */
@NullMarked
package dev.weir.api.metering;

import org.jspecify.annotations.NullMarked;
