package dev.weir.invoicing.run;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run over a tenant's due subscriptions.
 *
 * @param error why it failed; null unless it did
 * @param counts null until it ends; {@link RunReport} has them while it works
 */
public record BillingRun(
    UUID id,
    UUID tenantId,
    RunRequest request,
    RunState state,
    @Nullable RunFailure error,
    @Nullable RunCounts counts,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  /** A code of {@code InvoicingError} and what it means here. */
  public record RunFailure(String code, String message) {}
}
