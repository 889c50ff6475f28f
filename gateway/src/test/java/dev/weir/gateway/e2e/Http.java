package dev.weir.gateway.e2e;

import dev.weir.metering.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Speaks HTTP/1.1 to one server, with the same headers in every request. Thread-safe. */
final class Http {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String JSON = "application/json";

  private final HttpClient client;
  private final URI server;
  private final Map<String, String> headers;

  private Http(HttpClient client, URI server, Map<String, String> headers) {
    this.client = client;
    this.server = server;
    this.headers = headers;
  }

  static Http to(String url) {
    HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(TIMEOUT)
        .build();
    return new Http(client, URI.create(url), Map.of());
  }

  /** The same with one more header; it replaces one of that name. */
  Http with(String name, String value) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(name, value);
    return new Http(client, server, more);
  }

  Http bearing(String credential) {
    return with("Authorization", "Bearer " + credential);
  }

  Http signedIn(String email, String password) {
    Answer answer = post("/api/auth/login", Map.of("email", email, "password", password));
    return bearing(answer.require(200).data().path("accessToken").asText());
  }

  /** The same with a new API key of this signed-in user. */
  Http withKey(String... scopes) {
    Answer answer = post("/api/auth/api-keys", Map.of("name", "test", "scopes", scopes));
    return bearing(answer.require(201).data().path("key").asText());
  }

  Answer get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  Answer delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  /** Sends text as it is, anything else as JSON. */
  Answer post(String path, Object body) {
    return withContentType().send("POST", path, publisher(body));
  }

  Answer put(String path, Object body) {
    return withContentType().send("PUT", path, publisher(body));
  }

  Answer events(Object body) {
    return post("/api/v1/events", body);
  }

  private Http withContentType() {
    return headers.containsKey("Content-Type") ? this : with("Content-Type", JSON);
  }

  private static BodyPublisher publisher(Object body) {
    if (body instanceof byte[] bytes) {
      return BodyPublishers.ofByteArray(bytes);
    }
    return BodyPublishers.ofString(body instanceof String text ? text : Json.text(body));
  }

  Answer send(String method, String path, BodyPublisher body) {
    try {
      return exchange(method, path, body);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  /** As {@link #send}, for callers to whom a broken connection is no surprise. */
  Answer exchange(String method, String path, BodyPublisher body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT).method(method, body);
    headers.forEach(request::setHeader);
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
