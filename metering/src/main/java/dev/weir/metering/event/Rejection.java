package dev.weir.metering.event;

import dev.weir.metering.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Why one event was not taken, in words that say what to send instead. */
public record Rejection(ErrorCode code, @Nullable String field, String message) {}
