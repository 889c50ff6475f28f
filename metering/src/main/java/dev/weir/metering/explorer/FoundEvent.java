package dev.weir.metering.explorer;

import dev.weir.metering.journal.JournaledEvent;

/** An event and what holds of it as far as the journal was indexed when it was found. */
public record FoundEvent(JournaledEvent event, EventVerdict verdict) {}
