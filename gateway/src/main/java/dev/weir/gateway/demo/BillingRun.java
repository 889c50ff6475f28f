package dev.weir.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.check.Differences;
import dev.weir.gateway.terminal.CommandFailure;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Starts a billing run and waits for its end. */
final class BillingRun {

  private static final Set<String> UNDER_WAY =
      Set.of("queued", "pending", "created", "started", "running", "in_progress");
  private static final int LOOKS_MAX = 18_000;
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final WeirClient client;

  BillingRun(WeirClient client) {
    this.client = client;
  }

  /** Bills everything due up to {@code until}, inclusive; adds a difference unless it all went well. */
  void run(Instant until, Differences differences) {
    Map<String, Object> body = Map.of("until", until.toString(), "dryRun", false);
    JsonNode run = client.post("/api/billing/runs", body).path("data");
    String path = "/api/billing/runs/" + WeirClient.encoded(run.path("id").asText());
    for (int look = 0; look < LOOKS_MAX && isUnderWay(run); look++) {
      pause();
      run = client.get(path).path("data");
    }
    String state = state(run);
    if (isUnderWay(run) || state.startsWith("fail") || state.isEmpty()) {
      differences.add("the billing run ended as: " + run);
    }
    JsonNode parked = run.path("parked");
    if (parked.isNumber() ? parked.asLong() > 0 : !parked.isEmpty()) {
      differences.add("the billing run parked customers: " + parked);
    }
  }

  private static boolean isUnderWay(JsonNode run) {
    return UNDER_WAY.contains(state(run));
  }

  private static String state(JsonNode run) {
    return run.path("state").asText().toLowerCase(Locale.ROOT);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted while waiting for the billing run.");
    }
  }
}
