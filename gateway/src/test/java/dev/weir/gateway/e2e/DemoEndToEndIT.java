package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo says OK of a server that is right, and can tell when one event too much was counted. */
final class DemoEndToEndIT {

  private static final String EVENTS = "20000";
  private static final int METERS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path directory;

  @Test
  void everyTotalAndInvoiceIsAsComputedFromTheInput() {
    try (LocalWeir weir = LocalWeir.start(directory)) {
      Http admin = DemoRun.addAccount(weir);

      DemoRun run = DemoRun.against(weir, "--events", EVENTS);

      assertEquals("demo: OK", run.lastLine(), run.output());
      assertEquals(0, run.exitCode(), run.output());
      Answer invoices = admin.get("/api/billing/invoices?limit=1").require(200);
      // 200 customers, each billed the first fee in advance and then the month.
      assertEquals(400, invoices.json().at("/pagination/total").asInt());
    }
  }

  @Test
  void oneEventTooMuchMakesItFail() throws ExecutionException, InterruptedException {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (LocalWeir weir = LocalWeir.start(directory)) {
      Http admin = DemoRun.addAccount(weir);
      Future<String> intruder = thread.submit(() -> sendOneEventMore(admin));

      DemoRun run = DemoRun.against(weir, "--events", EVENTS);

      String subject = intruder.get();
      assertEquals("demo: FAILED", run.lastLine(), run.output());
      assertEquals(1, run.exitCode(), run.output());
      assertTrue(run.output().lines().anyMatch(line -> line.contains(subject)), run.output());
    } finally {
      thread.shutdownNow();
    }
  }

  /** Waits for the demo's meters, and adds an event that all of them count; gives its subject. */
  private static String sendOneEventMore(Http admin) {
    Await.until("the demo has made its catalogue", PATIENCE, () -> meters(admin).size() == METERS);
    Await.until(
        "the demo has made a customer", PATIENCE, () -> !customers(admin).isEmpty());
    Map<String, Object> data = new HashMap<>();
    String type = "";
    for (JsonNode meter : meters(admin)) {
      type = meter.path("eventType").asText();
      data.put(meter.path("valueProperty").asText("$.none").substring(2), 1);
    }
    data.put("model", "atlas-large");
    String subject = customers(admin).path(0).path("subjects").path(0).asText();
    Map<String, Object> event = Map.of(
        "specversion", "1.0",
        "id", "one-more",
        "source", "intruder",
        "type", type,
        "subject", subject,
        "time", "2026-01-15T12:00:00Z",
        "data", data);
    admin.withKey("ingest").events(event).require(200);
    return subject;
  }

  private static JsonNode meters(Http admin) {
    return admin.get("/api/v1/meters").require(200).json();
  }

  private static JsonNode customers(Http admin) {
    return admin.get("/api/billing/customers").require(200).data();
  }
}
