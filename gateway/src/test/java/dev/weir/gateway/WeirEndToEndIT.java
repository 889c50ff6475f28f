package dev.weir.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.config.ConfigReader;
import dev.weir.gateway.config.StartFailure;
import dev.weir.gateway.config.WeirConfig;
import dev.weir.gateway.identity.Identity;
import dev.weir.gateway.identity.Role;
import dev.weir.metering.database.TestDatabase;
import dev.weir.metering.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process on a fresh directory, inside this JVM. */
class WeirEndToEndIT {

  private static final UUID DEMO_TENANT = new UUID(0, 1);

  @TempDir
  Path temp;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();

  private Weir started(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("WEIR_POSTGRES_PROGRAMS_DIR", TestDirectories.programs().toString());
    environment.putIfAbsent("WEIR_HTTP_PORT", "0");
    WeirConfig config =
        ConfigReader.read(environment, Map.of("data.dir", temp + "/data"), null, temp, 2);
    Weir weir = new Weir(
        config, new PrintStream(told, true, StandardCharsets.UTF_8), InstantSource.system());
    weir.start();
    return weir;
  }

  private String password() throws IOException {
    return Files.readString(temp.resolve("data/admin-credentials"))
        .lines()
        .filter(line -> line.startsWith("password="))
        .findFirst()
        .orElseThrow()
        .substring("password=".length());
  }

  @Test
  void aFreshDirectoryBecomesAServerOneCanSignInTo() throws IOException {
    try (Weir weir = started(Map.of())) {
      String shown = told.toString(StandardCharsets.UTF_8);
      assertTrue(shown.contains("admin@weir.local"), shown);
      assertTrue(shown.contains(password()), shown);
      Http http = new Http(weir.url());
      String token = http.signIn("admin@weir.local", password());
      HttpResponse<String> me = http.get("/api/auth/me", "Authorization", "Bearer " + token);
      assertEquals(200, me.statusCode());
      assertEquals("SUPER_ADMIN", Json.parseOwn(me.body()).at("/data/role").textValue());
    }
    for (String name : new String[] {"admin-credentials", "jwt-secret", "postgres-credentials"}) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(temp.resolve("data").resolve(name))),
          name);
    }
  }

  @Test
  void aRestartKeepsUsersAndTokensAndIsQuick() throws IOException {
    String token;
    try (Weir weir = started(Map.of())) {
      token = new Http(weir.url()).signIn("admin@weir.local", password());
      TestDatabase.await(weir.identity().ensureTenant(DEMO_TENANT, "Demo Company"));
      TestDatabase.await(weir.identity()
          .ensureUser(new Identity.NewUser(
              DEMO_TENANT, "admin@democompany.com", "Admin123!", Role.ADMIN, "Demo", "Admin")));
    }
    told.reset();
    long began = System.nanoTime();
    try (Weir weir = started(Map.of())) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took.toString());
      Http http = new Http(weir.url());
      assertEquals(
          200, http.get("/api/auth/me", "Authorization", "Bearer " + token).statusCode());
      http.signIn("admin@weir.local", password());
      http.signIn("admin@democompany.com", "Admin123!");
      assertEquals("", told.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aGivenAdministratorIsTakenAndNotWrittenDown() {
    Map<String, String> given =
        Map.of("WEIR_ADMIN_EMAIL", "Root@Example.com", "WEIR_ADMIN_PASSWORD", "Secret123");
    try (Weir weir = started(given)) {
      new Http(weir.url()).signIn("root@example.com", "Secret123");
      assertEquals("", told.toString(StandardCharsets.UTF_8));
      assertFalse(Files.exists(temp.resolve("data/admin-credentials")));
    }
  }

  @Test
  void healthMetricsAndReadinessNeedNoCredential() {
    try (Weir weir = started(Map.of())) {
      Http http = new Http(weir.url());
      HttpResponse<String> health = http.get("/health");
      JsonNode body = Json.parseOwn(health.body());
      assertEquals(200, health.statusCode());
      assertEquals("UP", body.get("status").textValue(), health.body());
      for (String component : new String[] {"database", "memory", "disk"}) {
        assertEquals(
            "UP", body.at("/components/" + component + "/status").textValue(), health.body());
      }
      for (String path : new String[] {"/health/live", "/health/ready", "/health/startup"}) {
        assertEquals(200, http.get(path).statusCode(), path);
      }
      String metrics = http.get("/metrics").body();
      assertTrue(metrics.contains("jvm_memory_used_bytes"), metrics);
      assertTrue(metrics.contains("vertx_http_server"), metrics);
      assertEquals(401, http.get("/api/anything").statusCode());
    }
  }

  @Test
  void withoutTheDatabaseItIsDegradedButReadyAndKnownKeysWork() throws IOException {
    try (Weir weir = started(Map.of())) {
      Http http = new Http(weir.url());
      String token = http.signIn("admin@weir.local", password());
      String[] known = {"Authorization", "Bearer " + token};
      assertEquals(200, http.get("/api/auth/me", known).statusCode());

      weir.server().orElseThrow().stop();
      await(() ->
          Json.parseOwn(http.get("/health").body()).get("status").textValue().equals("DEGRADED"));
      assertEquals(200, http.get("/health/ready").statusCode());
      // The credential is known, so the answer is about the database, not about the caller.
      HttpResponse<String> me = http.get("/api/auth/me", known);
      assertEquals(503, me.statusCode());
      assertTrue(me.body().contains("DATABASE_UNAVAILABLE"), me.body());
      HttpResponse<String> stranger = http.get(
          "/api/auth/me", "Authorization", "Bearer wk_" + "0".repeat(32) + "_" + "0".repeat(48));
      assertEquals(503, stranger.statusCode());
      assertTrue(stranger.body().contains("IDENTITY_UNAVAILABLE"), stranger.body());

      weir.server().orElseThrow().start();
      await(() -> http.get("/api/auth/me", known).statusCode() == 200);
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, "still not so after 30 s");
    }
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (Weir weir = started(Map.of())) {
      StartFailure failure = assertThrows(StartFailure.class, () -> started(Map.of()));
      assertTrue(failure.getMessage().contains("in use by another Weir"), failure.getMessage());
      assertEquals(200, new Http(weir.url()).get("/health/live").statusCode());
    }
  }

  @Test
  void aPortInUseIsRefusedAndEverythingStoppedAgain() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> port = Map.of("WEIR_HTTP_PORT", "" + taken.getLocalPort());
      StartFailure failure = assertThrows(StartFailure.class, () -> started(port));
      assertTrue(failure.getMessage().contains("port " + taken.getLocalPort()));
      assertEquals(StartFailure.SURROUNDINGS, failure.exitCode());
    }
    assertFalse(Files.exists(temp.resolve("data/postgres/postmaster.pid")));
    started(Map.of()).close();
  }

  @Test
  void anExternalDatabaseIsUsedWhenOneIsGiven() {
    try (Weir embedded = started(Map.of())) {
      var login = embedded.server().orElseThrow().login();
      Map<String, String> given = new HashMap<>();
      given.put("WEIR_POSTGRES_PROGRAMS_DIR", TestDirectories.programs().toString());
      given.put("WEIR_HTTP_PORT", "0");
      given.put(
          "WEIR_DATABASE_URL",
          "postgresql://%s:%s@127.0.0.1:%d/%s"
              .formatted(login.user(), login.password(), login.port(), login.database()));
      WeirConfig config =
          ConfigReader.read(given, Map.of("data.dir", temp + "/other"), null, temp, 2);
      try (Weir second = new Weir(
          config, new PrintStream(told, true, StandardCharsets.UTF_8), InstantSource.system())) {
        second.start();
        assertTrue(second.server().isEmpty());
        assertFalse(Files.exists(temp.resolve("other/postgres")));
        assertEquals(200, new Http(second.url()).get("/health/ready").statusCode());
      }
    }
  }

  @Test
  void aDatabaseThatCannotBeReachedIsRefusedWithoutItsPassword() {
    StartFailure failure = assertThrows(
        StartFailure.class,
        () -> started(Map.of("WEIR_DATABASE_URL", "postgresql://weir:hunter2@127.0.0.1:1/weir")));
    assertTrue(failure.getMessage().contains("weir@127.0.0.1:1/weir"), failure.getMessage());
    assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
  }
}
