package dev.weir.rating.catalog;

import java.util.UUID;

/** The meter a usage card bills, as it was named when the plan version was made. */
public record MeterRef(UUID id, String key) {}
