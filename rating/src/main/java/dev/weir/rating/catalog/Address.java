package dev.weir.rating.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A postal address as printed on documents; every part is optional.
 *
 * @param country an ISO 3166-1 alpha-2 code by convention, not checked
 */
public record Address(
    @Nullable String line1,
    @Nullable String line2,
    @Nullable String postalCode,
    @Nullable String city,
    @Nullable String state,
    @Nullable String country) {}
