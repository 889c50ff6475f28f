package dev.weir.gateway.client;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Talks to a running server as any client would: keep-alive HTTP/1.1, a bearer token, patience when
 * asked for it. Thread-safe; calls block. An answer other than 2xx becomes a {@link CommandFailure} with
 * the server's code and message.
 */
public final class WeirClient {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int PAGE_ITEMS = 100;
  private static final int PAGES_MAX = 100_000;
  private static final ObjectMapper MAPPER = mapper();

  private final HttpClient http;
  private final URI base;
  private final String token;

  private WeirClient(HttpClient http, URI base, String token) {
    this.http = http;
    this.base = base;
    this.token = token;
  }

  /** A client without a credential; connects at the first call. */
  public static WeirClient of(URI base) {
    HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .build();
    return new WeirClient(http, base, "");
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);
    mapper.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    return mapper;
  }

  /** The same server and connections with a credential. */
  public WeirClient withToken(String newToken) {
    return new WeirClient(http, base, newToken);
  }

  public URI base() {
    return base;
  }

  /** The parsed body of a GET. */
  public JsonNode get(String path) {
    return retried(request(path).GET().build(), "GET " + path);
  }

  /** The parsed body of a POST of a JSON document; null when the answer has none. */
  public JsonNode post(String path, Object body) {
    HttpRequest request = request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(serialised(body)))
        .build();
    return retried(request, "POST " + path);
  }

  /** Hands every item of a paged list in the envelope to {@code item}, in the server's order. */
  public void forEach(String path, Consumer<JsonNode> item) {
    int page = 1;
    int pages;
    do {
      char joint = path.indexOf('?') < 0 ? '?' : '&';
      JsonNode body = get(path + joint + "page=" + page + "&limit=" + PAGE_ITEMS);
      body.path("data").forEach(item);
      pages = body.path("pagination").path("totalPages").asInt(1);
      page++;
    } while (page <= Math.min(pages, PAGES_MAX));
  }

  /** One attempt to send events; the caller judges the status. */
  HttpResponse<byte[]> sendEvents(String contentType, boolean gzip, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/api/v1/events").header("Content-Type", contentType).POST(body);
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** One attempt to GET; for waiting until a server is there. */
  public boolean answersOk(String path) throws InterruptedException {
    try {
      return http.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
        .timeout(REQUEST_TIMEOUT)
        .header("Accept", "application/json");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private JsonNode retried(HttpRequest request, String what) {
    try {
      Patience patience = new Patience();
      while (true) {
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 == 2) {
          return parse(response.body());
        }
        if (!Patience.asksToWait(response) || !patience.wait(response)) {
          throw new CommandFailure(what + " was answered with " + problem(response));
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(what + " failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted during " + what + ".");
    }
  }

  /** The status with code and message of a problem, on one line. */
  public static String problem(HttpResponse<byte[]> response) {
    String status = Integer.toString(response.statusCode());
    try {
      JsonNode error = parse(response.body()).path("error");
      List<String> parts = new ArrayList<>(List.of(status));
      for (String name : List.of("code", "field", "message")) {
        if (error.hasNonNull(name)) {
          parts.add(error.path(name).asText());
        }
      }
      return String.join(" ", parts);
    } catch (IOException e) {
      return status;
    }
  }

  /** Parses an answer; a missing node when it is empty. */
  public static JsonNode parse(byte[] body) throws IOException {
    return MAPPER.readTree(body);
  }

  private static byte[] serialised(Object body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not serialisable: " + body.getClass(), e);
    }
  }

  /** A value as part of a path or query. */
  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
