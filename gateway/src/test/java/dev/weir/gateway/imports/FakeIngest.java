package dev.weir.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.gateway.imports.reading.ImportJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Takes events as the wire contract says, after the mishaps it is told to have. */
final class FakeIngest implements AutoCloseable {

  static final String KEY = "wk_right";

  /** What happens to a request. */
  enum Mishap {
    NONE,
    /** Refused before anything is done. */
    TOO_MANY,
    /** Refused, too. */
    UNAVAILABLE,
    /** Everything is done, and then the connection breaks. */
    BREAK_AFTER,
    /** Everything is done, and then a proxy loses the answer. */
    BAD_GATEWAY_AFTER
  }

  static {
    // Else every answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;
  private final Deque<Mishap> mishaps = new ArrayDeque<>();
  private final Map<String, String> taken = new TreeMap<>();
  private int requests;
  private int gzipped;
  private Runnable afterRequest = () -> {};

  FakeIngest() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/api/v1/events", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The next requests with events have these mishaps. */
  synchronized void plan(Mishap... next) {
    mishaps.addAll(List.of(next));
  }

  synchronized void afterEachRequest(Runnable action) {
    afterRequest = action;
  }

  /** Id to the event that counts. */
  synchronized Map<String, String> taken() {
    return new TreeMap<>(taken);
  }

  synchronized int requests() {
    return requests;
  }

  synchronized int gzipped() {
    return gzipped;
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    byte[] bytes = (gzip ? new GZIPInputStream(body) : body).readAllBytes();
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "{\"error\":{\"code\":\"CREDENTIAL_INVALID\",\"message\":\"no\"}}");
    } else if (text.equals("[]")) {
      answer(exchange, 400, "{\"error\":{\"code\":\"EVENT_BATCH_EMPTY\"}}");
    } else {
      take(exchange, text, gzip);
    }
  }

  private synchronized void take(HttpExchange exchange, String text, boolean gzip)
      throws IOException {
    requests++;
    gzipped += gzip ? 1 : 0;
    Mishap mishap = mishaps.isEmpty() ? Mishap.NONE : mishaps.remove();
    exchange.getResponseHeaders().add("Retry-After", "0");
    switch (mishap) {
      case TOO_MANY -> answer(exchange, 429, "{}");
      case UNAVAILABLE -> answer(exchange, 503, "{}");
      case BREAK_AFTER -> {
        verdicts(text);
        exchange.close();
      }
      case BAD_GATEWAY_AFTER -> {
        verdicts(text);
        answer(exchange, 502, "lost");
      }
      case NONE -> answer(exchange, 200, verdicts(text));
    }
    afterRequest.run();
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String verdicts(String text) throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    List<Object> listed = new ArrayList<>();
    int index = 0;
    for (String line : text.lines().toList()) {
      String verdict = verdict(ImportJson.MAPPER.readTree(line), line);
      counts.merge(verdict, 1, Integer::sum);
      if (!verdict.equals("accepted")) {
        Map<String, Object> one = new TreeMap<>(Map.of("index", index, "verdict", verdict));
        if (verdict.equals("rejected")) {
          one.putAll(Map.of("code", "EVENT_VALUE_MISSING", "message", "why", "field", "data.n"));
        }
        listed.add(one);
      }
      index++;
    }
    return ImportJson.MAPPER.writeValueAsString(Map.of(
        "position", "0:1",
        "accepted", counts.getOrDefault("accepted", 0),
        "duplicates", counts.getOrDefault("duplicate", 0),
        "conflicts", counts.getOrDefault("conflict", 0),
        "rejected", counts.getOrDefault("rejected", 0),
        "verdicts", listed));
  }

  private String verdict(JsonNode event, String line) {
    if (!event.path("data").has("n")) {
      return "rejected";
    }
    String first = taken.putIfAbsent(event.path("id").asText(), line);
    return first == null ? "accepted" : first.equals(line) ? "duplicate" : "conflict";
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
