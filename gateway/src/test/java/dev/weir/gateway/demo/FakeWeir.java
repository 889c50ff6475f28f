package dev.weir.gateway.demo;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server in memory that keeps the wire contract as far as the demo uses it: naive, with every event
 * held and every answer computed from scratch. It can be told to make a mistake.
 */
final class FakeWeir implements AutoCloseable {

  /** What goes wrong. */
  enum Mistake {
    NONE,
    LOSES_AN_EVENT,
    ROUNDS_DOWN,
    FORGETS_AN_INVOICE,
    COUNTS_CONFLICTS_AS_DUPLICATES
  }

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  static {
    // Else every answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private record Stored(Instant time, JsonNode event) {}

  private final Mistake mistake;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer http;
  private final Map<String, JsonNode> meters = new LinkedHashMap<>();
  private final Map<String, JsonNode> customers = new LinkedHashMap<>();
  private final Map<String, JsonNode> subscriptions = new LinkedHashMap<>();
  private final Map<String, String> payloads = new HashMap<>();
  private final Map<String, List<Stored>> events = new TreeMap<>();
  private final List<Map<String, Object>> invoices = new ArrayList<>();
  private final Map<String, List<Map<String, Object>>> items = new HashMap<>();
  private JsonNode plan;
  int refusals;

  FakeWeir(Mistake mistake) throws IOException {
    this.mistake = mistake;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 200;
    Object answer;
    try {
      answer = answer(exchange, body);
      if (answer == null) {
        status = 429;
        exchange.getResponseHeaders().add("Retry-After", "0");
        answer = Map.of("error", Map.of("code", "INGEST_OVERLOADED", "message", "later"));
      }
    } catch (RuntimeException e) {
      status = 500;
      answer = Map.of("error", Map.of("code", "FAKE", "message", String.valueOf(e)));
    }
    byte[] bytes = MAPPER.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Null means "come back later". */
  private Object answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Map<String, List<String>> query = query(exchange.getRequestURI().getRawQuery());
    if (path.equals("/health/ready")) {
      return Map.of();
    }
    if (path.equals("/api/auth/login")) {
      JsonNode login = MAPPER.readTree(body);
      check(login.path("password").asText().equals("Admin123!"), "password");
      return data(Map.of("accessToken", "admin"));
    }
    String token = path.equals("/api/v1/events") ? "Bearer wk_1" : "Bearer admin";
    check(token.equals(exchange.getRequestHeaders().getFirst("Authorization")), "token");
    if (path.equals("/api/v1/events")) {
      return ++refusals % 5 == 1 ? null : ingest(exchange, body);
    }
    return exchange.getRequestMethod().equals("POST")
        ? created(path, MAPPER.readTree(body))
        : read(path.split("/"), query);
  }

  private Object created(String path, JsonNode body) {
    switch (path) {
      case "/api/auth/api-keys" -> {
        return data(Map.of("key", "wk_1"));
      }
      case "/api/v1/meters" -> {
        check(!meters.containsKey(body.get("slug").textValue()), "slug");
        meters.put(body.get("slug").textValue(), body);
        return Map.of("id", body.get("slug"));
      }
      case "/api/billing/plans" -> {
        plan = body;
        return data(Map.of("id", "plan-1"));
      }
      case "/api/billing/customers" -> {
        customers.put("id-" + body.get("key").textValue(), body);
        return data(Map.of("id", "id-" + body.get("key").textValue()));
      }
      case "/api/billing/subscriptions" -> {
        subscriptions.put("sub-" + body.get("customerKey").textValue(), body);
        return data(Map.of("id", "sub-" + body.get("customerKey").textValue()));
      }
      case "/api/billing/runs" -> {
        run(Instant.parse(body.get("until").textValue()));
        return data(Map.of("id", "run-1", "state", "running"));
      }
      default -> throw new IllegalArgumentException(path);
    }
  }

  private Object read(String[] path, Map<String, List<String>> query) {
    String last = path[path.length - 1];
    if (last.equals("query")) {
      return usageAnswer(meters.get(path[4]), query);
    }
    if (last.equals("bill")) {
      return data(runningBill(path[4]));
    }
    if (path[3].equals("runs")) {
      return data(Map.of("id", "run-1", "state", "completed", "parked", List.of()));
    }
    return page(last.equals("items") ? items.get(path[4]) : invoices, query);
  }

  private static Map<String, Object> data(Object data) {
    return Map.of("success", true, "data", data);
  }

  private static Object page(List<Map<String, Object>> all, Map<String, List<String>> query) {
    int number = Integer.parseInt(query.get("page").get(0));
    int limit = Math.min(30, Integer.parseInt(query.get("limit").get(0)));
    int from = Math.min(all.size(), (number - 1) * limit);
    return Map.of(
        "data", all.subList(from, Math.min(all.size(), from + limit)),
        "pagination", Map.of("totalPages", (all.size() + limit - 1) / limit));
  }

  private Object ingest(HttpExchange exchange, byte[] body) throws IOException {
    String text = new String(body, StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    if (exchange.getRequestHeaders().getFirst("Content-Type").equals("application/x-ndjson")) {
      text.lines().forEach(lines::add);
    } else {
      MAPPER.readTree(text).forEach(event -> lines.add(event.toString()));
    }
    int[] counts = new int[4];
    for (String line : lines) {
      counts[verdict(line)]++;
    }
    if (mistake == Mistake.COUNTS_CONFLICTS_AS_DUPLICATES) {
      counts[1] += counts[2];
      counts[2] = 0;
    }
    return Map.of(
        "position", "0:" + payloads.size(),
        "accepted", counts[0],
        "duplicates", counts[1],
        "conflicts", counts[2],
        "rejected", counts[3]);
  }

  /** 0 accepted, 1 duplicate, 2 conflict, 3 rejected. */
  private int verdict(String line) {
    JsonNode event;
    try {
      event = MAPPER.readTree(line);
      for (String name : List.of("id", "source", "type", "time")) {
        check(event.path(name).isTextual(), name);
      }
      check(event.path("specversion").asText().equals("1.0"), "specversion");
      check(event.path("data").isObject(), "data");
      OffsetDateTime.parse(event.get("time").textValue());
      meters.values().forEach(meter -> value(meter, event));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return 3;
    }
    String identity = event.get("source") + " " + event.get("id");
    String first = payloads.putIfAbsent(identity, line);
    if (first != null) {
      return first.equals(line) ? 1 : 2;
    }
    if (mistake != Mistake.LOSES_AN_EVENT || payloads.size() != 77) {
      Instant time = OffsetDateTime.parse(event.get("time").textValue()).toInstant();
      events
          .computeIfAbsent(event.get("subject").textValue(), any -> new ArrayList<>())
          .add(new Stored(time, event));
    }
    return 0;
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }

  private static BigDecimal value(JsonNode meter, JsonNode event) {
    String aggregation = meter.get("aggregation").textValue();
    if (aggregation.equals("COUNT") || aggregation.equals("UNIQUE_COUNT")) {
      return BigDecimal.ONE;
    }
    JsonNode value = event.get("data").path(name(meter.get("valueProperty")));
    check(value.isNumber() || value.isTextual(), "value");
    BigDecimal decimal = new BigDecimal(value.asText());
    check(decimal.scale() > -38 && decimal.precision() <= 38, "value");
    return decimal;
  }

  private static String name(JsonNode path) {
    return path.textValue().substring(2);
  }

  /** Usage of a meter by some subjects for each combination of the given groups. */
  private Map<List<String>, BigDecimal> usage(
      JsonNode meter,
      Instant from,
      Instant to,
      List<String> subjects,
      List<String> groupBy,
      Map<String, String> filter) {
    Map<List<String>, BigDecimal> usage = new TreeMap<>(Comparator.comparing(List::toString));
    Map<List<String>, Set<String>> distinct = new HashMap<>();
    List<Stored> candidates = subjects.stream()
        .flatMap(subject -> events.getOrDefault(subject, List.of()).stream())
        .toList();
    for (Stored stored : candidates) {
      JsonNode event = stored.event();
      boolean matches = filter.entrySet().stream()
          .allMatch(entry -> group(meter, event, entry.getKey()).equals(entry.getValue()));
      if (!matches || stored.time().isBefore(from) || !stored.time().isBefore(to)) {
        continue;
      }
      List<String> key = groupBy.stream().map(name -> group(meter, event, name)).toList();
      switch (meter.get("aggregation").textValue()) {
        case "MAX" -> usage.merge(key, value(meter, event), BigDecimal::max);
        case "UNIQUE_COUNT" -> {
          Set<String> values = distinct.computeIfAbsent(key, any -> new HashSet<>());
          values.add(event.get("data").get(name(meter.get("valueProperty"))).asText());
          usage.put(key, BigDecimal.valueOf(values.size()));
        }
        default -> usage.merge(key, value(meter, event), BigDecimal::add);
      }
    }
    return usage;
  }

  private static String group(JsonNode meter, JsonNode event, String name) {
    return name.equals("subject")
        ? event.get("subject").textValue()
        : event.get("data").path(name(meter.get("groupBy").get(name))).asText();
  }

  private Object usageAnswer(JsonNode meter, Map<String, List<String>> query) {
    List<String> groupBy = query.getOrDefault("groupBy", List.of());
    List<String> subjects = query.getOrDefault("subject", List.of());
    List<Object> rows = new ArrayList<>();
    usage(
            meter,
            Instant.parse(query.get("from").get(0)),
            Instant.parse(query.get("to").get(0)),
            subjects,
            groupBy,
            Map.of())
        .forEach((key, value) -> {
          Map<String, String> groups = new HashMap<>();
          for (int i = 0; i < groupBy.size(); i++) {
            groups.put(groupBy.get(i), key.get(i));
          }
          String subject = groups.remove("subject");
          rows.add(Map.of("value", value, "subject", "" + subject, "groupBy", groups));
        });
    return Map.of("data", rows);
  }

  private Object runningBill(String subscription) {
    Instant from =
        Instant.parse(subscriptions.get(subscription).get("startedAt").textValue());
    Instant to = nextMonth(from);
    String customer = "id-" + subscriptions.get(subscription).get("customerKey").textValue();
    return Map.of(
        "from", from.toString(), "to", to.toString(), "lines", lines(customer, from, to, 9));
  }

  private static Instant nextMonth(Instant from) {
    return from.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
  }

  private void run(Instant until) {
    for (JsonNode subscription : subscriptions.values()) {
      String customer = "id-" + subscription.get("customerKey").textValue();
      Instant from = Instant.parse(subscription.get("startedAt").textValue());
      issue(customer, from, fee());
      while (from.isBefore(until)) {
        Instant to = nextMonth(from);
        List<Map<String, Object>> lines = fee();
        lines.addAll(lines(customer, from, to, 2));
        issue(customer, from, lines);
        from = to;
      }
    }
  }

  private List<Map<String, Object>> fee() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (JsonNode card : plan.get("rateCards")) {
      if (card.get("type").textValue().equals("fee")) {
        BigDecimal amount = new BigDecimal(card.get("price").get("amount").textValue());
        lines.add(Map.of("rateCard", card.get("key"), "quantity", "1", "amount", amount));
      }
    }
    return lines;
  }

  private List<Map<String, Object>> lines(String customer, Instant from, Instant to, int scale) {
    String subject = customers.get(customer).get("subjects").get(0).textValue();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (JsonNode card : plan.get("rateCards")) {
      if (card.get("type").textValue().equals("usage")) {
        Map<String, String> filter = new HashMap<>();
        JsonNode cardFilter = card.path("filter");
        cardFilter
            .fieldNames()
            .forEachRemaining(name -> filter.put(name, cardFilter.get(name).textValue()));
        JsonNode meter = meters.get(card.get("meter").textValue());
        BigDecimal quantity = usage(meter, from, to, List.of(subject), List.of(), filter)
            .getOrDefault(List.of(), BigDecimal.ZERO);
        BigDecimal amount = amount(card.get("price"), quantity).setScale(scale, rounding());
        lines.add(Map.of(
            "rateCard", card.get("key"),
            "quantity", quantity.toPlainString(),
            "amount", amount));
      }
    }
    return lines;
  }

  private RoundingMode rounding() {
    return mistake == Mistake.ROUNDS_DOWN ? RoundingMode.DOWN : RoundingMode.HALF_UP;
  }

  private static BigDecimal amount(JsonNode price, BigDecimal quantity) {
    return switch (price.get("model").textValue()) {
      case "per_unit" -> decimal(price, "unitPrice").multiply(quantity);
      case "package" ->
        quantity
            .divide(decimal(price, "size"), 0, RoundingMode.UP)
            .multiply(decimal(price, "price"));
      case "graduated" -> tiers(price, quantity, true);
      case "volume" -> tiers(price, quantity, false);
      default -> throw new IllegalArgumentException(price.toString());
    };
  }

  private static BigDecimal tiers(JsonNode price, BigDecimal quantity, boolean graduated) {
    BigDecimal amount = BigDecimal.ZERO;
    BigDecimal before = BigDecimal.ZERO;
    for (JsonNode tier : price.get("tiers")) {
      boolean last = tier.get("upTo").isNull() || quantity.compareTo(decimal(tier, "upTo")) <= 0;
      BigDecimal units = (last ? quantity : decimal(tier, "upTo")).subtract(before);
      if (graduated && units.signum() > 0) {
        amount = amount.add(units.multiply(decimal(tier, "unitPrice"))).add(decimal(tier, "flat"));
        before = before.add(units);
      }
      if (last) {
        return graduated
            ? amount
            : quantity.multiply(decimal(tier, "unitPrice")).add(decimal(tier, "flat"));
      }
    }
    throw new IllegalArgumentException(price.toString());
  }

  private static BigDecimal decimal(JsonNode object, String name) {
    return new BigDecimal(object.get(name).asText());
  }

  private void issue(String customer, Instant from, List<Map<String, Object>> lines) {
    if (mistake == Mistake.FORGETS_AN_INVOICE && invoices.size() == 10 && items.size() == 10) {
      items.put("forgotten", lines);
      return;
    }
    BigDecimal total = lines.stream()
        .map(line -> (BigDecimal) line.get("amount"))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
    int number = invoices.size() + 1;
    items.put("inv-" + number, lines);
    Map<String, Object> invoice = new LinkedHashMap<>();
    invoice.put("id", "inv-" + number);
    invoice.put("invoiceNumber", "INV-2026-%06d".formatted(number));
    invoice.put("status", "open");
    invoice.put("customerId", customer);
    invoice.put("subtotal", total);
    invoice.put("totalAmount", total);
    invoice.put("periodStart", from.toString());
    invoice.put("periodEnd", nextMonth(from).toString());
    invoices.add(invoice);
  }

  private static Map<String, List<String>> query(String raw) {
    Map<String, List<String>> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      query
          .computeIfAbsent(pair.substring(0, equals), any -> new ArrayList<>())
          .add(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }
}
