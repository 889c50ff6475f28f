package dev.weir.benchmarks.killbill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is asked of Kill Bill before and after a load; blocks. Throws IllegalStateException when refused. */
final class KillBillClient {

  static final String UNIT = "tokens";

  private static final String PLAN = "metered-monthly";
  private static final String TENANT_KEY = "bench";
  private static final String TENANT_SECRET = "bench-secret";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int WORDS_MAX = 300;

  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(TIMEOUT)
      .build();
  private final URI server;

  KillBillClient(URI server) {
    this.server = server;
  }

  /** What every request has to say. */
  static Map<String, String> headers() {
    String login =
        Base64.getEncoder().encodeToString("admin:password".getBytes(StandardCharsets.US_ASCII));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", "Basic " + login);
    headers.put("X-Killbill-ApiKey", TENANT_KEY);
    headers.put("X-Killbill-ApiSecret", TENANT_SECRET);
    headers.put("X-Killbill-CreatedBy", "bench");
    return headers;
  }

  /** Whether it has started. */
  boolean answers() throws InterruptedException {
    try {
      return http.send(
                  request("/1.0/kb/nodesInfo")
                      .timeout(Duration.ofSeconds(2))
                      .GET()
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** A tenant with a plan of one unit, and an account. */
  String newAccount() throws IOException, InterruptedException {
    post(
        "/1.0/kb/tenants",
        "application/json",
        "{\"apiKey\":\"%s\",\"apiSecret\":\"%s\"}".formatted(TENANT_KEY, TENANT_SECRET));
    post("/1.0/kb/catalog/xml", "text/xml", catalog());
    return post(
        "/1.0/kb/accounts", "application/json", "{\"name\":\"bench\",\"currency\":\"USD\"}");
  }

  /** A subscription, to which usage is recorded. */
  String newSubscription(String account) throws InterruptedException {
    return post(
        "/1.0/kb/subscriptions",
        "application/json",
        "{\"accountId\":\"%s\",\"planName\":\"%s\"}".formatted(account, PLAN));
  }

  /** What was recorded in all, around a day. */
  long total(String subscription, LocalDate day) throws InterruptedException {
    String path = "/1.0/kb/usages/%s/%s?startDate=%s&endDate=%s"
        .formatted(subscription, UNIT, day.minusDays(2), day.plusDays(2));
    JsonNode units = Json.parseOwn(send(request(path).GET()).body()).path("rolledUpUnits");
    return units.isEmpty() ? 0 : units.get(0).path("amount").asLong();
  }

  private static String catalog() throws IOException {
    try (InputStream in = KillBillClient.class.getResourceAsStream("catalog.xml")) {
      if (in == null) {
        throw new IOException("catalog.xml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The id of what was created: the end of its address, which is all that is answered. */
  private String post(String path, String type, String body) throws InterruptedException {
    HttpResponse<String> response = send(
        request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    String location = response.headers().firstValue("Location").orElse("");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
    headers().forEach(request::header);
    return request;
  }

  /** Of a page of HTML what a reader sees, in a line. */
  private static String words(String body) {
    String words = body.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
    return words.substring(0, Math.min(WORDS_MAX, words.length()));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("no answer from Kill Bill: " + e, e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException("Kill Bill: %s %s: status %d, %s"
          .formatted(
              response.request().method(),
              response.request().uri(),
              response.statusCode(),
              words(response.body())));
    }
    return response;
  }
}
