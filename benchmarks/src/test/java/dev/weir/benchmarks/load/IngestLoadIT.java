package dev.weir.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.gateway.Weir;
import dev.weir.gateway.config.ConfigReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second of load, so that the driver cannot rot; the figures mean nothing. */
class IngestLoadIT {

  @TempDir
  Path directory;

  @Test
  void aSecondOfLoadIsAcknowledgedAndSeen() throws Exception {
    Map<String, String> environment =
        Map.of("WEIR_ADMIN_EMAIL", "admin@weir.local", "WEIR_ADMIN_PASSWORD", "Secret123");
    PrintStream console =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    try (Weir weir = new Weir(
        ConfigReader.read(
            environment,
            Map.of("data.dir", directory.resolve("data").toString(), "http.port", "0"),
            null,
            directory,
            2),
        console,
        InstantSource.system())) {
      weir.start();
      LoadReport report = IngestLoad.run(
          new LoadOptions(URI.create(weir.url()), token(weir.url()), 2_000, 100, 2, 1, 1, 10));
      assertEquals(20, report.acknowledgedRequests(), report.toString());
      assertTrue(report.visibilities().getTotalCount() > 0, report.toString());
    }
  }

  private static String token(String url) throws Exception {
    String body = HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url + "/api/auth/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                    "{\"email\":\"admin@weir.local\",\"password\":\"Secret123\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
    return new io.vertx.core.json.JsonObject(body).getJsonObject("data").getString("accessToken");
  }
}
