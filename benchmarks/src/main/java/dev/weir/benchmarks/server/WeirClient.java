package dev.weir.benchmarks.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What is asked of Weir before and after a load; blocks. Throws IllegalStateException when refused. */
public final class WeirClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(TIMEOUT)
      .build();
  private final URI server;
  private final String credential;

  /**
   * @param credential an access token or an API key; empty to ask for what needs none
   */
  public WeirClient(URI server, String credential) {
    this.server = server;
    this.credential = credential;
  }

  /** Signs in and makes an API key that may do everything a key may. */
  static String newKey(URI server, String email, String password) throws InterruptedException {
    String login =
        Json.text(Json.MAPPER.createObjectNode().put("email", email).put("password", password));
    String token = new WeirClient(server, "")
        .post("/api/auth/login", login)
        .at("/data/accessToken")
        .asText();
    return new WeirClient(server, token)
        .post(
            "/api/auth/api-keys", "{\"name\":\"bench\",\"scopes\":[\"ingest\",\"read\",\"write\"]}")
        .at("/data/key")
        .asText();
  }

  /** What is answered to a request that creates something. */
  public JsonNode post(String path, String body) throws InterruptedException {
    return json(send(request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))));
  }

  /** Creates something, unless it is there already. */
  public void postUnlessThere(String path, String body) throws InterruptedException {
    HttpResponse<String> response = send(request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)));
    if (response.statusCode() != 409) {
      json(response);
    }
  }

  public JsonNode get(String path) throws InterruptedException {
    return json(send(request(path).GET()));
  }

  /** A meter's total over all time; zero if there is none. */
  public BigDecimal total(String meter) throws InterruptedException {
    JsonNode rows = get("/api/v1/meters/" + meter + "/query?decimals=string").path("data");
    return rows.isEmpty()
        ? BigDecimal.ZERO
        : new BigDecimal(rows.get(0).path("value").asText());
  }

  /** What the server says about itself; empty if it says nothing. */
  String metrics() throws InterruptedException {
    HttpResponse<String> response = send(request("/metrics").GET());
    return response.statusCode() == 200 ? response.body() : "";
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
    return credential.isEmpty() ? request : request.header("Authorization", "Bearer " + credential);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + server + ": " + e, e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException("%s %s: status %d, %s"
          .formatted(
              response.request().method(),
              response.request().uri(),
              response.statusCode(),
              response.body()));
    }
    return Json.parseOwn(response.body());
  }
}
