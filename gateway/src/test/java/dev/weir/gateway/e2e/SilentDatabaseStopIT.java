package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.TestDirectories;
import dev.weir.gateway.postgres.DatabaseLogin;
import dev.weir.gateway.postgres.EmbeddedServer;
import dev.weir.metering.database.LossyLink;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Weir on a PostgreSQL of somebody else's, which is away or does not answer when SIGTERM comes: the
 * process ends with 0 all the same, in its time, and the next one has everything that was acknowledged.
 */
final class SilentDatabaseStopIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int SENDERS = 2;
  private static final int BEFORE = 30_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private final NumberedEvents events = new NumberedEvents(3);
  private final NumberedLoad load = new NumberedLoad(events, 50);
  private EmbeddedServer postgres;
  private LossyLink link;
  private WeirProcess weir;

  @BeforeEach
  void startPostgres() throws IOException {
    Path directory = temporary.resolve("elsewhere");
    assertTrue(directory.toFile().mkdir());
    postgres = EmbeddedServer.start(directory, TestDirectories.programs(), new SecureRandom());
    link = new LossyLink(postgres.login().port());
  }

  @AfterEach
  void end() throws IOException {
    load.close();
    if (weir != null && weir.isAlive()) {
      weir.kill();
    }
    link.close();
    postgres.stop();
  }

  private void start(Map<String, String> more) {
    DatabaseLogin login = postgres.login();
    Map<String, String> environment = new HashMap<>(more);
    environment.put(
        "WEIR_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
            .formatted(login.user(), login.password(), link.port(), login.database()));
    weir = WeirProcess.start(temporary.resolve("data"), environment);
  }

  private Http signIn() {
    return Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
  }

  @Test
  void stopsWhileThePostgresRefusesConnections() {
    stopsAfter("refused", LossyLink::cut);
  }

  @Test
  void stopsWhileThePostgresTakesConnectionsAndNeverAnswers() {
    stopsAfter("silent", LossyLink::fallSilent);
  }

  /** With ingest, a backfill and a billing run under way. */
  private void stopsAfter(String message, Consumer<LossyLink> fault) {
    start(Map.of("WEIR_HTTP_DRAIN_SECONDS", "5"));
    Http admin = signIn();
    NumberedUsage.createCatalogue(admin);
    Http sender = admin.withKey("ingest");
    load.begin(sender, SENDERS);
    Await.until("some events", PATIENCE, () -> load.acknowledged() >= BEFORE);
    admin.post("/api/v1/meters/sum/backfills", "").require(202);
    admin.post("/api/billing/runs", Map.of("until", "2026-02-01T00:00:00Z")).require(202);

    fault.accept(link);
    int before = load.acknowledged();
    Await.until("ingest goes on", PATIENCE, () -> load.acknowledged() > before + 1_000);
    assertEquals(0, weir.stop(), weir::endOfLog);
    load.end();
    List<String> said = weir.logged("stopped in");
    assertEquals(1, said.size(), weir::endOfLog);
    System.out.println("SilentDatabaseStopIT: " + message + ": " + said.get(0));

    link.mend();
    start(Map.of());
    Http again = signIn();
    load.check(again, message);
    Await.until("the backfill ends", PATIENCE, () -> state(again).equals("completed"));
    load.check(again, message + ", backfilled");
    Await.until("the run ends", PATIENCE, () -> runState(again).equals("done"));
    assertEquals(1, again.get("/api/billing/invoices").require(200).data().size());
    assertEquals(0, weir.stop(), weir::endOfLog);
  }

  private static String state(Http http) {
    return http.get("/api/v1/meters/sum/backfills")
        .require(200)
        .json()
        .path(0)
        .path("state")
        .asText();
  }

  private static String runState(Http http) {
    String state =
        http.get("/api/billing/runs").require(200).data().path(0).path("state").asText();
    assertTrue(List.of("queued", "running", "done").contains(state), state);
    return state;
  }

  @Test
  void stopsWhileItStartsOnAPostgresThatNeverAnswers() {
    link.fallSilent();
    start(Map.of());
    Await.until("it has begun", PATIENCE, weir::holdsDirectory);
    assertEquals(0, weir.stop(), weir::endOfLog);
  }
}
