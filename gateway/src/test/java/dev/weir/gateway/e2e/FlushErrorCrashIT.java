package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lets the kernel answer the journal's flushes with an I/O error, from the K-th on: strace attaches to
 * the running process and injects EIO into fdatasync. It counts calls by thread, and the lane's thread
 * is the only one that flushes; PostgreSQL is not among the process's children and is not hit.
 */
final class FlushErrorCrashIT {

  private static final int FAILING_FLUSH = 6;
  private static final int REQUESTS = 20;
  private static final int EVENTS_A_REQUEST = 7;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path temporary;

  private final NumberedEvents events = new NumberedEvents(1);
  private final NumberedUsage usage = new NumberedUsage(events, "flush error");
  private WeirProcess weir;
  private Process strace;

  @AfterEach
  void end() throws InterruptedException {
    if (weir != null && weir.isAlive()) {
      weir.kill();
    }
    if (strace != null) {
      strace.destroyForcibly();
      assertTrue(strace.waitFor(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void nothingIsAcknowledgedAfterAFlushThatFailed() throws IOException {
    Path data = temporary.resolve("data");
    weir = WeirProcess.start(data, Map.of("WEIR_INGEST_LANES", "1"));
    String url = weir.awaitReady();
    Http admin = Http.to(url).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    NumberedUsage.createCatalogue(admin);
    attachStrace();

    int acknowledged = sendUntilRefused(admin);

    assertTrue(acknowledged >= 1 && acknowledged < FAILING_FLUSH, "acknowledged " + acknowledged);
    for (int request = acknowledged; request < REQUESTS; request++) {
      requireStopped(send(admin, request));
    }
    requireStopped(send(admin, 0));
    assertEquals(503, Http.to(url).get("/health/ready").status());
    Answer health = Http.to(url).get("/health").require(503);
    assertEquals("DOWN", health.json().at("/components/journal/status").asText());
    BitSet flushed = NumberedEvents.below(acknowledged * EVENTS_A_REQUEST);
    usage.checkUsage(admin, "0:" + flushed.cardinality(), flushed);

    weir.kill();
    restartWithoutFault(data, acknowledged);
  }

  private void restartWithoutFault(Path data, int acknowledged) {
    weir = WeirProcess.start(data, Map.of());
    Http admin = Http.to(weir.awaitReady()).signedIn(WeirProcess.EMAIL, WeirProcess.PASSWORD);
    String position = "";
    for (int request = 0; request < REQUESTS; request++) {
      JsonNode answer = send(admin, request).require(200).json();
      int duplicates = answer.path("duplicates").asInt();
      assertEquals(EVENTS_A_REQUEST, duplicates + answer.path("accepted").asInt());
      assertTrue(request >= acknowledged || duplicates == EVENTS_A_REQUEST, answer::toString);
      position = answer.path("position").asText();
    }
    BitSet all = NumberedEvents.below(REQUESTS * EVENTS_A_REQUEST);
    usage.checkUsage(admin, position, all);
    usage.billAndCheck(admin, all);
    assertEquals(0, weir.stop());
  }

  private Answer send(Http http, int request) {
    int from = request * EVENTS_A_REQUEST;
    return http.events(events.array(NumberedEvents.range(from, from + EVENTS_A_REQUEST)));
  }

  private int sendUntilRefused(Http http) {
    int request = 0;
    Answer answer = send(http, request);
    while (answer.status() == 200) {
      assertEquals(EVENTS_A_REQUEST, answer.json().path("accepted").asInt());
      request++;
      assertTrue(request < REQUESTS, "the injected error never showed");
      answer = send(http, request);
    }
    requireStopped(answer);
    return request;
  }

  private static void requireStopped(Answer answer) {
    assertEquals("INGEST_STOPPED", answer.require(503).json().at("/error/code").asText());
    assertFalse(answer.header("Retry-After").isEmpty(), "Retry-After is missing");
  }

  /** Returns when every thread is traced; skips the test where that is impossible. */
  private void attachStrace() throws IOException {
    ProcessBuilder command = new ProcessBuilder(
            "strace",
            "-f",
            "-p",
            Long.toString(weir.pid()),
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO:when=" + FAILING_FLUSH + "+",
            "-o",
            temporary.resolve("strace.log").toString())
        .redirectErrorStream(true);
    try {
      strace = command.start();
    } catch (IOException e) {
      skip("strace is not installed");
    }
    BufferedReader said = strace.inputReader(StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      all.append(line);
      if (line.contains(" attached")) {
        return;
      }
    }
    skip("strace cannot attach to another process: " + all);
  }

  private static void skip(String why) {
    String message = "NOT TESTED: acknowledgements after a flush error, because " + why;
    System.out.println("FlushErrorCrashIT: " + message);
    assumeTrue(false, message);
  }
}
