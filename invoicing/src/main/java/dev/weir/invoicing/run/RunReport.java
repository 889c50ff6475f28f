package dev.weir.invoicing.run;

import dev.weir.rating.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A run and what it has done so far.
 *
 * @param totals one per currency, in order of its code
 * @param parked in order of subscription; at most {@value #ITEMS_MAX}, the counts tell of all
 * @param preview a dry run's invoices in order of subscription and boundary, at most {@value
 *     #ITEMS_MAX}; empty for other runs, whose invoices are in the list of invoices
 */
public record RunReport(
    BillingRun run,
    RunCounts counts,
    List<Total> totals,
    List<Parked> parked,
    List<Preview> preview) {

  public static final int ITEMS_MAX = 1_000;

  /** The invoices of one currency. */
  public record Total(long invoices, Money amount) {}

  /**
   * A subscription that could not be billed.
   *
   * @param refused whether it was refused by a rule (parked) or failed otherwise
   */
  public record Parked(
      UUID subscriptionId,
      UUID customerId,
      int boundary,
      boolean refused,
      String code,
      String message,
      Instant parkedAt) {}

  /** An invoice that a dry run would have made. */
  public record Preview(UUID subscriptionId, UUID customerId, int boundary, Money total) {}

  public RunReport {
    totals = List.copyOf(totals);
    parked = List.copyOf(parked);
    preview = List.copyOf(preview);
  }
}
