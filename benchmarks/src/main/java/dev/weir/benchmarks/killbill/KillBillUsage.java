package dev.weir.benchmarks.killbill;

import dev.weir.benchmarks.ingest.ServerUnderLoad;
import dev.weir.benchmarks.ingest.VisibilityProbe;
import dev.weir.benchmarks.load.Load;
import dev.weir.benchmarks.load.LoadPlan;
import dev.weir.benchmarks.load.LoadResult;
import dev.weir.benchmarks.server.Target;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * Kill Bill under load, a subscription for each run: with the records of a whole search for its capacity in
 * one, it answered the question for their sum with status 500. Whoever made the target closes it.
 */
final class KillBillUsage implements ServerUnderLoad {

  private final Target target;
  private final KillBillClient client;
  private final String account;
  private final int records;
  private final LocalDate day;

  /** Changed between runs only. */
  private volatile Recorded last;

  /** What was recorded to a subscription. */
  private record Recorded(String subscription, UsageExchange.Tally tally) {}

  /**
   * @param records in a request
   */
  KillBillUsage(Target target, KillBillClient client, String account, int records, LocalDate day)
      throws InterruptedException {
    this.target = target;
    this.client = client;
    this.account = account;
    this.records = records;
    this.day = day;
    this.last = new Recorded(client.newSubscription(account), new UsageExchange.Tally());
  }

  @Override
  public Target target() {
    return target;
  }

  private UsageExchange exchange() {
    Recorded recorded = last;
    return new UsageExchange(recorded.subscription(), records, day, recorded.tally());
  }

  int recordBytes() {
    return exchange().recordBytes();
  }

  @Override
  public LoadResult run(LoadPlan plan, Runnable onMeasure) throws InterruptedException {
    last = new Recorded(client.newSubscription(account), new UsageExchange.Tally());
    return Load.run(plan, this::exchange, onMeasure);
  }

  @Override
  public Words words() {
    return Words.RECORDS;
  }

  @Override
  public Optional<VisibilityProbe> probe() {
    return Optional.empty();
  }

  /** What Kill Bill adds up must be what it said it had recorded in the last run. */
  @Override
  public Check check() throws InterruptedException {
    UsageExchange.Tally tally = last.tally();
    long total = client.total(last.subscription(), day);
    boolean exact = tally.unknownAmount() == 0;
    return new Check(
        total >= tally.amount() && total <= tally.amount() + tally.unknownAmount(),
        String.format(
            Locale.ROOT,
            "%,d records acknowledged; Kill Bill adds up %,d, and must %,d%s",
            tally.records(),
            total,
            tally.amount(),
            exact ? "" : " or more, as some requests were not answered or refused"));
  }

  @Override
  public void close() {
    // The target goes on to be measured with other batches.
  }
}
