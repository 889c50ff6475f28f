package dev.weir.gateway.demo;

import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.check.BilledInvoice;
import dev.weir.gateway.demo.check.Differences;
import dev.weir.gateway.demo.check.InvoiceCheck;
import dev.weir.gateway.demo.check.RunningBillCheck;
import dev.weir.gateway.demo.check.UsageCheck;
import dev.weir.gateway.demo.files.CsvWorkload;
import dev.weir.gateway.demo.traffic.TrafficWorkload;
import dev.weir.gateway.demo.workload.ExpectedInvoice;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.terminal.CommandFailure;
import dev.weir.gateway.terminal.Terminal;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole demo against a running server with an empty tenant: sign in, create the catalogue, send
 * events, compare usage, bill, compare invoices, report. Blocks for as long as that takes; call it on
 * a thread of its own, once.
 */
public final class DemoCommand {

  /** Who the demo signs in as; whoever starts the server must have created them. */
  public static final String TENANT_ID = "00000000-0000-0000-0000-000000000001";

  public static final String TENANT_NAME = "Demo Company";
  public static final String ADMIN_EMAIL = "admin@democompany.com";
  public static final String ADMIN_PASSWORD = "Admin123!";

  private static final int READY_LOOKS_MAX = 600;
  private static final long READY_LOOK_AGAIN_MILLIS = 100;
  private static final int RUNNING_BILLS = 5;

  private final DemoOptions options;
  private final URI server;
  private final PrintStream out;
  private final InstantSource clock;
  private final DemoReport report;

  /**
   * @param server for example {@code http://127.0.0.1:8080}
   * @param clock only measures durations
   */
  public DemoCommand(DemoOptions options, URI server, PrintStream out, InstantSource clock) {
    this.options = options;
    this.server = server;
    this.out = out;
    this.clock = clock;
    this.report = new DemoReport(out);
  }

  /** 0 when every total is as computed from the input, else 1; the last line printed says which. */
  public int run() {
    Differences differences = new Differences();
    try {
      demonstrate(differences);
    } catch (CommandFailure e) {
      differences.lines().forEach(out::println);
      report.failed(e.text());
      return 1;
    }
    report.verdict(differences);
    return differences.isEmpty() ? 0 : 1;
  }

  private void demonstrate(Differences differences) {
    Workload workload = workload();
    out.println(workload.description());
    workload.remarks().forEach(out::println);
    WeirClient admin = signIn();
    long start = clock.millis();
    DemoSetup.Accounts accounts = new DemoSetup(admin, workload).create();
    report.created(workload, clock.millis() - start);
    Ingest.Result sent = ingest(admin, workload, differences);
    compareUsage(admin, workload, sent, differences);
    compareRunningBills(admin, workload, accounts, differences);
    List<BilledInvoice> invoices = bill(admin, workload, accounts, differences);
    if (options.exit()) {
      report.whereItWas(server);
    } else {
      report.whereToLook(
          server, ADMIN_EMAIL, ADMIN_PASSWORD, invoices.isEmpty() ? null : invoices.get(0));
    }
  }

  private Workload workload() {
    return options.inputs().isEmpty()
        ? new TrafficWorkload(
            options.seed(), options.events(), options.batchEvents(), options.format())
        : new CsvWorkload(
            options.inputs(), options.columns(), options.batchEvents(), options.format());
  }

  private WeirClient signIn() {
    WeirClient anyone = WeirClient.of(server);
    waitUntilReady(anyone);
    String token = anyone
        .post("/api/auth/login", Map.of("email", ADMIN_EMAIL, "password", ADMIN_PASSWORD))
        .path("data")
        .path("accessToken")
        .asText();
    return anyone.withToken(token);
  }

  private static void waitUntilReady(WeirClient client) {
    try {
      for (int look = 0; look < READY_LOOKS_MAX; look++) {
        if (client.answersOk("/health/ready")) {
          return;
        }
        Thread.sleep(READY_LOOK_AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted while waiting for the server.");
    }
    throw new CommandFailure("The server at " + client.base() + " does not get ready.");
  }

  private Ingest.Result ingest(WeirClient admin, Workload workload, Differences differences) {
    String key = admin
        .post("/api/auth/api-keys", Map.of("name", "Demo ingest", "scopes", List.of("ingest")))
        .path("data")
        .path("key")
        .asText();
    ProgressBar progress = new ProgressBar(
        out, clock, Terminal.is(out), workload.eventsToSend(), ProgressBar.State.START);
    Ingest.Result sent = new Ingest(admin.withToken(key), workload, clock, progress, differences)
        .run(options.senders());
    Verdicts expected = workload.expectedVerdicts();
    Ingest.compare(expected, sent, differences);
    report.ingest(sent, expected);
    return sent;
  }

  private void compareUsage(
      WeirClient admin, Workload workload, Ingest.Result sent, Differences differences) {
    long start = clock.millis();
    List<UsageCheck.MeterTotal> totals =
        new UsageCheck(admin, workload).run(sent.positions(), differences);
    report.usage(totals, clock.millis() - start);
  }

  /** Looks at the first customers, who are the largest of the generated ones, and the last. */
  private void compareRunningBills(
      WeirClient admin, Workload workload, DemoSetup.Accounts accounts, Differences differences) {
    List<String> keys = new ArrayList<>(workload.customers().keySet());
    Set<String> some =
        new LinkedHashSet<>(keys.subList(0, Math.min(RUNNING_BILLS - 1, keys.size())));
    some.add(keys.get(keys.size() - 1));
    RunningBillCheck check = new RunningBillCheck(admin, workload, differences);
    for (String key : some) {
      check.run(key, String.valueOf(accounts.subscriptionByKey().get(key)));
    }
  }

  private List<BilledInvoice> bill(
      WeirClient admin, Workload workload, DemoSetup.Accounts accounts, Differences differences) {
    long start = clock.millis();
    new BillingRun(admin).run(workload.until(), differences);
    List<BilledInvoice> invoices =
        new InvoiceCheck(admin, workload, differences).run(accounts.keyById());
    BigDecimal expectedTotal = workload.customers().keySet().stream()
        .flatMap(key -> workload.expectedInvoices(key).stream())
        .map(ExpectedInvoice::total)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
    report.invoices(invoices, expectedTotal, clock.millis() - start);
    return invoices;
  }
}
