package dev.weir.invoicing.run;

import java.time.Instant;

/**
 * What a run is asked to do.
 *
 * @param until bill boundaries at or before this
 * @param dryRun compute and report only
 * @param finalizes issue the invoices; otherwise they stay drafts
 */
public record RunRequest(Instant until, boolean dryRun, boolean finalizes) {}
