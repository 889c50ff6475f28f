package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.json.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weir as a process: its output, its exit codes, and what a kill leaves. */
class WeirProcessIT {

  private static final Map<String, String> ADMIN =
      Map.of("WEIR_ADMIN_EMAIL", "admin@example.com", "WEIR_ADMIN_PASSWORD", "Secret123");

  @TempDir
  Path temp;

  private ChildWeir up(String... more) throws Exception {
    List<String> words =
        new java.util.ArrayList<>(List.of("up", "--data", temp + "/data", "--port", "0"));
    words.addAll(List.of(more));
    return ChildWeir.start(temp, ADMIN, words.toArray(String[]::new));
  }

  private long serverPid() throws Exception {
    return Long.parseLong(
        Files.readAllLines(temp.resolve("data/postgres/postmaster.pid")).get(0).strip());
  }

  @Test
  void aTerminationDrainsStopsPostgresAndExitsWithZero() throws Exception {
    try (ChildWeir weir = up()) {
      assertEquals(200, new Http(weir.awaitReady()).get("/health/ready").statusCode());
      weir.terminate();
      assertEquals(0, weir.awaitExit(), weir.errors());
      assertEquals("", weir.restOfOutput());
      assertFalse(Files.exists(temp.resolve("data/postgres/postmaster.pid")));
    }
  }

  @Test
  void aTerminationWhileStartingStopsWhatHadStarted() throws Exception {
    try (ChildWeir weir = up()) {
      Path sign = temp.resolve("data/postgres/postmaster.pid");
      long until = System.nanoTime() + 30_000_000_000L;
      while (!Files.exists(sign) && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      weir.terminate();
      weir.awaitExit();
      assertFalse(Files.exists(sign), weir.errors());
    }
  }

  @Test
  void aKilledWeirLeavesPostgresWhichTheNextOneStopsAndAllDataIsThere() throws Exception {
    long orphan;
    try (ChildWeir weir = up()) {
      Http http = new Http(weir.awaitReady());
      String token = http.signIn("admin@example.com", "Secret123");
      String body = Json.text(Map.of("name", "machine", "scopes", List.of("read")));
      assertEquals(
          201,
          http.post("/api/auth/api-keys", body, "Authorization", "Bearer " + token)
              .statusCode());
      orphan = serverPid();
      weir.kill();
    }
    assertTrue(ProcessHandle.of(orphan).map(ProcessHandle::isAlive).orElse(false));
    try (ChildWeir weir = up()) {
      Http http = new Http(weir.awaitReady());
      assertTrue(serverPid() != orphan);
      String token = http.signIn("admin@example.com", "Secret123");
      String keys =
          http.get("/api/auth/api-keys", "Authorization", "Bearer " + token).body();
      assertEquals("machine", Json.parseOwn(keys).at("/data/0/name").textValue(), keys);
    }
  }

  @Test
  void everyReasonNotToStartIsOneLineAndAnExitCode() throws Exception {
    assertFails(2, "'70000' is not allowed", Map.of(), "up", "--port", "70000");
    assertFails(2, "does not take [--prot]", Map.of(), "up", "--prot");
    assertFails(2, "there is no command 'start'", Map.of(), "start");
    assertFails(
        2, "database.url from WEIR_DATABASE_URL", Map.of("WEIR_DATABASE_URL", "nonsense"), "up");
    assertFails(
        1,
        "the database weir@127.0.0.1:1/weir cannot be used",
        Map.of("WEIR_DATABASE_URL", "postgresql://weir:x@127.0.0.1:1/weir"),
        "up",
        "--data",
        temp + "/data");
    Path file = Files.createFile(temp.resolve("file"));
    assertFails(1, "cannot be used", Map.of(), "up", "--data", file + "/below");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFails(
          1,
          "cannot listen on 127.0.0.1, port " + taken.getLocalPort(),
          Map.of(),
          "up",
          "--data",
          temp + "/data",
          "--port",
          "" + taken.getLocalPort());
    }
  }

  private void assertFails(
      int code, String reason, Map<String, String> environment, String... words) throws Exception {
    try (ChildWeir weir = ChildWeir.start(temp, environment, words)) {
      assertEquals("", weir.restOfOutput());
      assertEquals(code, weir.awaitExit(), weir.errors());
      String shown = weir.errors();
      assertTrue(shown.contains("weir: "), shown);
      assertTrue(shown.contains(reason), shown);
      assertFalse(shown.contains("\tat "), shown);
    }
  }

  @Test
  void helpAndVersionNeedNothing() throws Exception {
    try (ChildWeir help = ChildWeir.start(temp, Map.of(), "help");
        ChildWeir version = ChildWeir.start(temp, Map.of(), "version")) {
      assertTrue(help.restOfOutput().contains("WEIR_DATABASE_URL"));
      assertEquals(0, help.awaitExit());
      assertTrue(version.restOfOutput().startsWith("weir "));
      assertEquals(0, version.awaitExit());
    }
  }

  @Test
  void logLinesAreJsonWhenAskedFor() throws Exception {
    try (ChildWeir weir = ChildWeir.start(
        temp, Map.of("WEIR_LOGS_FORMAT", "json"), "up", "--data", temp + "/data", "--port", "0")) {
      weir.awaitReady();
      String line =
          weir.errors().lines().filter(text -> text.startsWith("{")).findFirst().orElseThrow();
      assertEquals("INFO", Json.parseOwn(line).get("level").textValue(), line);
    }
  }
}
