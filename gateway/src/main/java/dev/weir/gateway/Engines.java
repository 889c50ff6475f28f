package dev.weir.gateway;

import dev.weir.api.catalog.CustomerRoutes;
import dev.weir.api.catalog.PlanRoutes;
import dev.weir.api.catalog.PriceRoutes;
import dev.weir.api.catalog.SubscriptionRoutes;
import dev.weir.api.correction.CorrectionRoutes;
import dev.weir.api.http.Answers;
import dev.weir.api.ingest.EventRoutes;
import dev.weir.api.invoices.BillingRunRoutes;
import dev.weir.api.invoices.InvoiceRoutes;
import dev.weir.api.meter.BackfillRoutes;
import dev.weir.api.meter.MeterRoutes;
import dev.weir.api.usage.GroupValueRoutes;
import dev.weir.api.usage.RunningTotalRoutes;
import dev.weir.api.usage.SubjectRoutes;
import dev.weir.api.usage.UsageRoutes;
import dev.weir.api.usage.VisibleUsage;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.health.ComponentHealth;
import dev.weir.gateway.health.HealthCheck;
import dev.weir.gateway.journal.JournalArchives;
import dev.weir.gateway.journal.JournalMetrics;
import dev.weir.invoicing.InvoiceIssuer;
import dev.weir.invoicing.InvoiceList;
import dev.weir.invoicing.InvoiceStore;
import dev.weir.invoicing.Invoices;
import dev.weir.invoicing.PaymentTerms;
import dev.weir.invoicing.explain.InvoiceExplainer;
import dev.weir.invoicing.number.InvoiceNumbers;
import dev.weir.invoicing.run.BillingRuns;
import dev.weir.invoicing.run.BillingSources;
import dev.weir.invoicing.run.RunLimits;
import dev.weir.metering.Ids;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.StopSteps;
import dev.weir.metering.asof.AsOfQueries;
import dev.weir.metering.asof.SubjectRecords;
import dev.weir.metering.backfill.BackfillOptions;
import dev.weir.metering.correction.Corrections;
import dev.weir.metering.database.Database;
import dev.weir.metering.detail.JournalRecords;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.ingest.GroupCommit;
import dev.weir.metering.ingest.IngestOptions;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.rollup.MinuteRetention;
import dev.weir.metering.usage.UsageStore;
import dev.weir.rating.bill.PeriodUsage;
import dev.weir.rating.bill.RunningBill;
import dev.weir.rating.catalog.CustomerStore;
import dev.weir.rating.catalog.PlanStore;
import dev.weir.rating.subscription.SubscriptionStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metering, rating and invoicing, wired: what runs behind the routes, and the routes. Started after the
 * database and before HTTP, stopped in reverse. Start and stop block.
 */
final class Engines {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private static final Duration VISIBLE_TIMEOUT = Duration.ofMinutes(10);
  private static final long START_TIMEOUT_SECONDS = 60;

  /**
   * How long a stop waits for the database in all. An answer of its takes milliseconds; one that takes
   * longer than this will not come, and what it was about is gone on with at the next start.
   */
  static final Duration DATABASE_PATIENCE = Duration.ofSeconds(10);

  /** How long one step may take once nobody waits for the database any more. */
  private static final Duration STEP_PATIENCE = DATABASE_PATIENCE.plusSeconds(5);

  private final Vertx vertx;
  private final Database database;
  private final InstantSource clock;
  private final Ids ids;
  private final MeteringEngine metering;

  private final MeterStore meters = new MeterStore();
  private final UsageStore usage = new UsageStore();
  private final CustomerStore customers;
  private final PlanStore plans;
  private final SubscriptionStore subscriptions;
  private final PeriodUsage periodUsage;
  private final InvoiceStore invoices = new InvoiceStore();
  private final InvoiceIssuer issuer;
  private final BillingRuns runs;
  private final EventExploring exploring;
  private final Corrections corrections;
  private final AsOfQueries earlier;
  private final JournalRecords records;
  private final UsageQueries queries;

  /** What the engines share with the rest of the process. */
  record Surroundings(
      Vertx vertx,
      Database database,
      Path directory,
      InstantSource clock,
      Ids ids,
      SecureRandom random,
      MeterRegistry metrics) {}

  private Engines(Surroundings around, MeteringEngine metering) {
    this.vertx = around.vertx();
    this.database = around.database();
    this.clock = around.clock();
    this.ids = around.ids();
    this.metering = metering;
    customers = new CustomerStore(ids, clock);
    plans = new PlanStore(meters::findAndKeep, ids, clock);
    subscriptions = new SubscriptionStore(ids, clock);
    periodUsage = new PeriodUsage(meters::find, usage::total);
    issuer = new InvoiceIssuer(invoices, new InvoiceNumbers(), PaymentTerms.STANDARD, clock);
    runs = new BillingRuns(
        vertx,
        database,
        new BillingRuns.Parts(
            new BillingSources(subscriptions, customers, plans, periodUsage),
            invoices,
            issuer,
            () -> metering.awaitAllVisible(VISIBLE_TIMEOUT),
            RunLimits.STANDARD),
        ids,
        clock);
    exploring = new EventExploring(vertx, metering, customers);
    corrections = metering.corrections(metering.explorer()::find);
    SubjectRecords indexed = (tenantId, subject, from, to, upTo, consumer) -> metering
        .explorer()
        .records(
            tenantId,
            subject,
            new EventFilter.Range(Math.max(0, from), to),
            upTo == null ? metering.ingest().flushed() : upTo,
            (lane, record) -> consumer.accept(record.copy(lane)));
    earlier = metering.asOfQueries(indexed);
    records = metering.journalRecords(indexed);
    queries = metering.usageQueries(records);
  }

  /** Opens the journal, rebuilds what is derived from it, and resumes billing runs cut off. */
  static Engines start(
      Surroundings around,
      WeirConfig.Ingest config,
      WeirConfig.Journal journal,
      WeirConfig.Events events,
      WeirConfig.Backfill backfill,
      WeirConfig.Usage usage)
      throws IOException {
    IngestOptions options = new IngestOptions(
        config.lanes(),
        config.queueRequestsMax(),
        config.queueBytesMax(),
        new GroupCommit(
            GroupCommit.DEFAULT.bytesMax(),
            TimeUnit.MICROSECONDS.toNanos(config.flushSpacingMicros())),
        config.diskReserveBytes(),
        config.dedupIdentitiesMax(),
        config.dedupHorizonDays());
    MeteringEngine metering = MeteringEngine.start(
        around.vertx(),
        around.database(),
        new MeteringEngine.Setup(
            around.directory().resolve("journal"),
            options,
            new EventLimits(config.eventsMax(), config.bodyBytesMax()),
            around.clock(),
            around.random(),
            EventExploring.options(events),
            BackfillOptions.DEFAULT.with(backfill.workers(), backfill.perTenantMax()),
            JournalArchives.upkeep(journal),
            new MinuteRetention(
                usage.minutesKeptMonths(), connection -> unbilledFrom(around, connection))));
    Engines engines = new Engines(around, metering);
    try {
      engines.measure(around.metrics());
      engines.exploring.measure(around.metrics());
      await(engines.runs.resumeInterrupted(), Duration.ofSeconds(START_TIMEOUT_SECONDS));
    } catch (RuntimeException | Error e) {
      StopSteps steps = new StopSteps();
      engines.close(steps);
      steps.failures().forEach(failure -> e.addSuppressed(failure.cause()));
      throw e;
    }
    return engines;
  }

  /** Periods begin on any minute: those of what is not billed for good are kept. */
  private static Future<Instant> unbilledFrom(Surroundings around, SqlConnection connection) {
    return new SubscriptionStore(around.ids(), around.clock())
        .unbilledFrom(connection)
        .compose(unbilled -> new InvoiceStore()
            .draftsFrom(connection)
            .map(drafts -> drafts.isBefore(unbilled) ? drafts : unbilled));
  }

  private void measure(MeterRegistry metrics) {
    Gauge.builder("weir.aggregation.lag.events", metering.aggregator(), a -> a.lag())
        .description("Journaled records not yet visible in queries")
        .register(metrics);
    Gauge.builder("weir.aggregation.skipped", metering.aggregator(), a -> a.valuesSkipped())
        .description("Event and meter pairs without a usable value")
        .register(metrics);
    Gauge.builder("weir.meters.crowded", metering.aggregator(), a -> a.crowdedMeters())
        .description("Meters with very many combinations of group values")
        .register(metrics);
    Gauge.builder(
            "weir.usage.rolled.to.seconds",
            metering.rollups(),
            r -> r.rolledTo().getEpochSecond())
        .description("Up to when usage is rolled up to hours, in seconds since 1970")
        .register(metrics);
    Gauge.builder("weir.ingest.queued.requests", metering.ingest(), i -> i.queuedRequests())
        .description("Requests waiting for a lane")
        .register(metrics);
    Gauge.builder("weir.backfill.running", metering.backfills(), b -> b.running())
        .description("Backfills that a worker has in hand")
        .register(metrics);
    JournalMetrics.register(metrics, metering.upkeep());
    Gauge.builder("weir.dedup.identities", metering.ingest(), i -> i.identities())
        .description("Event identities held")
        .register(metrics);
    Gauge.builder("weir.dedup.memory", metering.ingest().dedup(), d -> d.memoryBytes())
        .description("Memory of event identities")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("weir.dedup.disk", metering.ingest().dedup(), d -> d.diskBytes())
        .description("Segment files of event identities")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("weir.dedup.segments", metering.ingest().dedup(), d -> d.segments())
        .description("Segment files of event identities")
        .register(metrics);
    Gauge.builder("weir.dedup.unsealed", metering.ingest().dedup(), d -> d.unsealed())
        .description("Volumes of event identities that wait to be written to disk")
        .register(metrics);
  }

  MeteringEngine metering() {
    return metering;
  }

  /** Routes that read their own body. */
  List<Consumer<Router>> streamingRoutes(MeterRegistry metrics) {
    return List.of(new EventRoutes(metering, metrics, clock)::mount, exploring.streamingRoutes());
  }

  /** Every other route of the engines. */
  List<Consumer<Router>> controlRoutes(Answers answers) {
    VisibleUsage visible = VisibleUsage.of(metering);
    RunningBill bills =
        new RunningBill(database, subscriptions, customers, plans, periodUsage, clock);
    Invoices invoiceLife = new Invoices(database, invoices, new InvoiceList(), issuer, clock);
    InvoiceExplainer explainer =
        new InvoiceExplainer(database, invoices, meters::find, usage::query);
    return List.of(
        new MeterRoutes(metering, ids, clock, plans::usesMeter)::mount,
        new BackfillRoutes(metering, ids)::mount,
        new UsageRoutes(visible, queries, earlier)::mount,
        new SubjectRoutes(database, queries)::mount,
        new RunningTotalRoutes(
            database, visible, metering.runningTotals(records), exploring.customers())::mount,
        new CorrectionRoutes(corrections)::mount,
        exploring.controlRoutes(),
        new GroupValueRoutes(queries, clock)::mount,
        new CustomerRoutes(database, customers, answers)::mount,
        new PlanRoutes(database, plans, answers)::mount,
        new SubscriptionRoutes(database, customers, plans, subscriptions, bills, visible, answers)
            ::mount,
        new PriceRoutes(answers)::mount,
        new BillingRunRoutes(answers, runs)::mount,
        new InvoiceRoutes(answers, invoiceLife, explainer)::mount);
  }

  /** How the journal and the aggregation are. */
  List<HealthCheck> checks() {
    return List.of(
        new HealthCheck("journal", true, () -> Future.succeededFuture(journalHealth())),
        new HealthCheck(
            "journalFiles",
            false,
            () -> Future.succeededFuture(JournalMetrics.health(metering.upkeep().status()))),
        new HealthCheck("aggregation", false, () -> Future.succeededFuture(aggregationHealth())),
        exploring.check());
  }

  private ComponentHealth journalHealth() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("position", metering.ingest().flushed().toString());
    details.put("queuedRequests", metering.ingest().queuedRequests());
    details.put("identities", metering.ingest().identities());
    return metering
        .ingest()
        .failure()
        .map(failure -> {
          details.put("failure", failure.toString());
          return ComponentHealth.down(details);
        })
        .orElseGet(() -> dedupHealth(details));
  }

  /** Ingest goes on for a while when segments of identities cannot be written. */
  private ComponentHealth dedupHealth(Map<String, Object> details) {
    return metering
        .ingest()
        .dedup()
        .failure()
        .map(failure -> {
          details.put("identitiesFailure", failure.toString());
          return ComponentHealth.degraded(details);
        })
        .orElseGet(() -> ComponentHealth.up(details));
  }

  private ComponentHealth aggregationHealth() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("visible", metering.visibility().position().toString());
    details.put("lagEvents", metering.aggregator().lag());
    Throwable failure = metering.aggregator().failure();
    if (failure != null) {
      details.put("failure", failure.toString());
      return ComponentHealth.down(details);
    }
    Throwable flushFailure = metering.aggregator().flushFailure();
    if (flushFailure != null) {
      details.put("failure", flushFailure.toString());
      return ComponentHealth.degraded(details);
    }
    return ComponentHealth.up(details);
  }

  /** Ends answers that would have no end; before HTTP stops, which waits for them. */
  void endStreams() {
    exploring.endStreams();
  }

  /**
   * Lets running billing steps and corrections end, then drains ingest and aggregation; each whatever
   * becomes of the others. A database that does not answer is waited for once, not by each of them.
   */
  void close(StopSteps steps) {
    long timer = vertx.setTimer(DATABASE_PATIENCE.toMillis(), id -> {
      LOG.warn("the database does not answer; what waits for it is left to the next start");
      database.abandon();
    });
    steps.then("tell", parts -> metering.tellToStop());
    steps.then("billing runs", parts -> await(runs.stop(), STEP_PATIENCE));
    steps.then("corrections", parts -> await(corrections.close(), STEP_PATIENCE));
    steps.then("earlier usage", parts -> await(earlier.close(), STEP_PATIENCE));
    steps.then("usage from the journal", parts -> await(records.close(), STEP_PATIENCE));
    steps.then("metering", metering::stop);
    vertx.cancelTimer(timer);
  }

  private static <T> T await(Future<T> future, Duration patience) {
    try {
      return future.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer in " + patience.toSeconds() + " s", e);
    }
  }
}
