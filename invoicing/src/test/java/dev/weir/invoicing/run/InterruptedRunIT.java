package dev.weir.invoicing.run;

import static dev.weir.invoicing.BillingFixture.fee;
import static dev.weir.invoicing.BillingFixture.tokens;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.invoicing.BillingFixture;
import dev.weir.rating.catalog.Plan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Breaks runs at their N-th write to the database, for every N: a trigger ends the session, as a killed
 * server would. A sequence counts the writes; it does not roll back with them.
 */
final class InterruptedRunIT {

  private static final RunRequest UNTIL =
      new RunRequest(Instant.parse("2026-11-01T00:00:00Z"), false, true);
  private static final List<String> TABLES = List.of(
      "billing_runs",
      "billing_run_boundaries",
      "billing_parked",
      "invoices",
      "invoice_items",
      "invoice_numbers",
      "subscriptions");

  private static BillingFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new BillingFixture();
    fixture.execute("""
        CREATE SEQUENCE writes;
        CREATE SEQUENCE break_at MINVALUE 0 START 0;
        GRANT ALL ON SEQUENCE writes, break_at TO weir_app, weir_engine;
        CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          IF nextval('writes') = (SELECT last_value FROM break_at) THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
          END IF;
          RETURN coalesce(NEW, OLD);
        END $$;
        """);
    for (String table : TABLES) {
      fixture.execute("""
          CREATE TRIGGER zz_break AFTER INSERT OR UPDATE OR DELETE ON %s
          FOR EACH ROW EXECUTE FUNCTION break_down()
          """.formatted(table));
    }
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aRunBrokenAtAnyWriteIsResumedByTheNextProcessWithTheSameResult() {
    List<String> expected = undisturbed();
    int breaks = 0;
    for (int write = 2; ; write++) {
      UUID tenant = world();
      BillingRuns dying = oneByOne(60_000);
      breakAt(write);
      BillingRun run = await(dying.start(tenant, UNTIL));
      boolean broken = awaitBreak(dying, run, write);
      await(dying.stop());
      breakAt(0);
      if (!broken) {
        break;
      }
      breaks++;
      // The second write of all is the run's own step from queued to running.
      assertEquals(write == 2 ? "queued" : "running", state(run), "write " + write);

      BillingRuns next = oneByOne(5);
      assertEquals(1, await(next.resumeInterrupted()), "write " + write);
      await(next.finished(run.id()));

      assertEquals(expected, outcome(tenant), "write " + write);
      RunReport report = await(next.report(tenant, run.id().toString()));
      assertEquals(RunState.DONE, report.run().state(), "write " + write);
      assertEquals(new RunCounts(3L, 7, 0, 0, 0), report.counts(), "write " + write);
    }
    assertTrue(breaks > 40, "only " + breaks + " places to break at");
  }

  @Test
  void aRunGoesOnByItselfWhenTheDatabaseIsBack() {
    for (int write = 2; write < 50; write += 7) {
      UUID tenant = world();
      breakAt(write);

      RunReport report = fixture.run(fixture.runs(), tenant, UNTIL);

      assertEquals(RunState.DONE, report.run().state(), "write " + write);
      assertEquals(7, report.counts().invoiced(), "write " + write);
      assertEquals(
          BillingRunIT.numbers(1, 7),
          BillingRunIT.sortedNumbers(fixture.all(tenant)),
          "write " + write);
    }
  }

  @Test
  void aStoppedRunIsTakenUpAgain() {
    UUID tenant = world();
    BillingRuns stopped = fixture.runs();
    await(stopped.stop());
    BillingRun run = await(stopped.start(tenant, UNTIL));
    await(stopped.finished(run.id()));
    assertEquals(List.of(), fixture.all(tenant));

    BillingRuns next = oneByOne(5);
    assertEquals(1, await(next.resumeInterrupted()));
    await(next.finished(run.id()));

    assertEquals(undisturbed(), outcome(tenant));
  }

  @Test
  void aRunThatWaitsForUsageStopsAtOnceAndIsTakenUpAgain() {
    UUID tenant = world();
    Promise<Void> visible = Promise.promise();
    Promise<Void> waiting = Promise.promise();
    UsageBarrier never = () -> {
      waiting.tryComplete();
      return visible.future();
    };
    BillingRuns stopped = fixture.runs(never, new RunLimits(1, 2, 3_600_000, 5, 60_000));
    BillingRun run = await(stopped.start(tenant, UNTIL));
    await(waiting.future());

    await(stopped.stop());
    visible.fail("aggregation has stopped");

    assertEquals("running", state(run));
    assertEquals(List.of(), fixture.all(tenant));
    BillingRuns next = oneByOne(5);
    assertEquals(1, await(next.resumeInterrupted()));
    await(next.finished(run.id()));
    assertEquals(undisturbed(), outcome(tenant));
  }

  /** Three subscriptions with seven invoices between them. */
  private static UUID world() {
    UUID tenant = fixture.tenant();
    Plan plan = fixture.plan(tenant, "pro", fee("base", "10.00"), tokens("0.01"));
    Plan metered = fixture.plan(tenant, "payg", tokens("0.02"));
    fixture.subscribe(tenant, "a", plan, "2026-08-15T00:00:00Z");
    fixture.subscribe(tenant, "b", plan, "2026-10-01T00:00:00Z");
    fixture.subscribe(tenant, "c", metered, "2026-09-01T00:00:00Z");
    fixture.use(tenant, "a", "2026-09-01T00:00:00Z", 100);
    fixture.use(tenant, "b", "2026-10-09T00:00:00Z", 33);
    fixture.use(tenant, "c", "2026-10-09T00:00:00Z", 7);
    return tenant;
  }

  /** One subscription after the other, so that each round writes and numbers in the same order. */
  private static BillingRuns oneByOne(long retryMillis) {
    return fixture.runs(
        () -> Future.succeededFuture(), new RunLimits(1, 2, 1_000, retryMillis, 60_000));
  }

  private static List<String> undisturbed() {
    UUID tenant = world();
    fixture.run(oneByOne(5), tenant, UNTIL);
    return outcome(tenant);
  }

  /** What a run leaves behind, without ids and times: invoices with their lines and numbers. */
  private static List<String> outcome(UUID tenant) {
    return fixture.look("""
        SELECT concat_ws(' ', i.invoice_number, i.status, i.customer_name, i.boundary,
          i.total_amount, i.period_start AT TIME ZONE 'UTC', s.next_boundary, (
            SELECT string_agg(concat_ws('/', position, type, rate_card_key, quantity, amount), ','
              ORDER BY position)
            FROM invoice_items WHERE invoice_id = i.invoice_id))
        FROM invoices i JOIN subscriptions s USING (subscription_id)
        WHERE i.tenant_id = '%s' ORDER BY i.customer_name, i.boundary
        """.formatted(tenant));
  }

  /** Writes count from 1; zero never breaks. */
  private static void breakAt(int write) {
    fixture.execute("SELECT setval('break_at', %d), setval('writes', 1, false)".formatted(write));
  }

  /** Waits until the run has ended or its N-th write has ended the session; true for the latter. */
  private static boolean awaitBreak(BillingRuns runs, BillingRun run, int write) {
    while (!runs.finished(run.id()).isComplete() && written() < write) {
      Thread.onSpinWait();
    }
    await(runs.stop());
    return !"done".equals(state(run));
  }

  private static int written() {
    return Integer.parseInt(fixture.look("SELECT last_value FROM writes").get(0));
  }

  private static String state(BillingRun run) {
    return fixture
        .look("SELECT state FROM billing_runs WHERE run_id = '%s'".formatted(run.id()))
        .get(0);
  }
}
