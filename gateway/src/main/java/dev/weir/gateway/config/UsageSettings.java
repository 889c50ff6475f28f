package dev.weir.gateway.config;

import java.util.List;

/** How usage is counted anew and kept. */
final class UsageSettings {

  private static final int MINUTES_KEPT_MONTHS_MAX = 1_200;

  static final Setting<Integer> BACKFILL_WORKERS = Setting.wholeNumber(
      "backfill.workers",
      "1",
      0,
      64,
      "Backfills of meters at once, a thread each; others wait. 0 lets all wait.");

  static final Setting<Integer> BACKFILL_TENANT_MAX = Setting.wholeNumber(
      "backfill.tenant.max",
      "10",
      1,
      1_000,
      "Backfills of one tenant that run or wait; more are refused with 422.");

  static final Setting<Integer> MINUTES_KEPT_MONTHS = Setting.numberOrUnlimited(
      "usage.minutes.kept.months",
      Setting.UNLIMITED,
      MINUTES_KEPT_MONTHS_MAX,
      "Whole months before the present one whose usage is kept by minutes; older usage by hours and days"
          + " of UTC. What is not billed yet is kept by minutes however old it is.");

  /** In the order that help shows them. */
  static final List<Setting<?>> ALL =
      List.of(BACKFILL_WORKERS, BACKFILL_TENANT_MAX, MINUTES_KEPT_MONTHS);

  private UsageSettings() {}

  static WeirConfig.Backfill backfill(Values values) {
    return new WeirConfig.Backfill(values.of(BACKFILL_WORKERS), values.of(BACKFILL_TENANT_MAX));
  }

  static WeirConfig.Usage usage(Values values) {
    return new WeirConfig.Usage(values.of(MINUTES_KEPT_MONTHS));
  }
}
