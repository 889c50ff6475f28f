package dev.weir.metering.detail;

import dev.weir.metering.Quantity;
import java.time.Instant;

/**
 * An event and what everything in the range comes to up to it.
 *
 * @param time of the event
 * @param position its place in the journal
 * @param value what it adds
 * @param total what the meter answers for the events up to this one: rounded and bounded as it says
 */
public record RunningTotal(
    String id,
    String source,
    String subject,
    Instant time,
    String position,
    Quantity value,
    Quantity total) {}
