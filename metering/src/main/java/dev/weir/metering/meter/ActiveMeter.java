package dev.weir.metering.meter;

import dev.weir.metering.journal.JournalPosition;

/** A meter and the journal position after which events count for it. */
public record ActiveMeter(Meter meter, JournalPosition activeFrom) {}
