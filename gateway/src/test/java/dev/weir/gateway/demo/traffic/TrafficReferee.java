package dev.weir.gateway.demo.traffic;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.Verdicts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A second opinion on generated requests: parses them with Jackson, deduplicates with a HashMap and
 * adds up with BigDecimal, knowing nothing of how they were made.
 */
final class TrafficReferee {

  private static final ObjectMapper MAPPER = new ObjectMapper()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

  /** An accepted event's payload and the request it came in. */
  private record First(String payload, long batch) {}

  private final Map<String, First> firsts = new HashMap<>();
  final Map<String, BigDecimal> sums = new HashMap<>();
  final Map<String, Set<String>> distinct = new HashMap<>();
  final List<Instant> acceptedTimes = new ArrayList<>();
  final Set<Long> requestsThatNeedEarlierOnes = new HashSet<>();
  final Set<String> rejectedTexts = new HashSet<>();
  long duplicatesInOneRequest;
  long duplicatesOfEarlierRequests;
  private Verdicts verdicts = Verdicts.NONE;
  private long batches;

  Verdicts verdicts() {
    return verdicts;
  }

  void read(String body, BodyFormat format) {
    for (String event : events(body, format)) {
      verdicts = verdicts.plus(judge(event));
    }
    batches++;
  }

  private static List<String> events(String body, BodyFormat format) {
    if (format == BodyFormat.NDJSON) {
      return body.lines().toList();
    }
    try {
      List<String> events = new ArrayList<>();
      MAPPER.readTree(body).forEach(event -> events.add(event.toString()));
      return events;
    } catch (IOException e) {
      throw new AssertionError("a JSON batch must parse: " + e.getMessage(), e);
    }
  }

  private Verdicts judge(String text) {
    JsonNode event = validOrNull(text);
    if (event == null) {
      rejectedTexts.add(text);
      return new Verdicts(0, 0, 0, 1);
    }
    String identity = event.get("source").textValue() + '\n' + event.get("id").textValue();
    First first = firsts.putIfAbsent(identity, new First(text, batches));
    if (first == null) {
      accept(event);
      return new Verdicts(1, 0, 0, 0);
    }
    if (first.payload().equals(text)) {
      if (first.batch() == batches) {
        duplicatesInOneRequest++;
      } else {
        duplicatesOfEarlierRequests++;
      }
      return new Verdicts(0, 1, 0, 0);
    }
    if (first.batch() != batches) {
      requestsThatNeedEarlierOnes.add(batches);
    }
    return new Verdicts(0, 0, 1, 0);
  }

  private static JsonNode validOrNull(String text) {
    try {
      JsonNode event = MAPPER.readTree(text.getBytes(StandardCharsets.UTF_8));
      if (!event.isObject() || !event.path("data").isObject()) {
        return null;
      }
      for (String name : List.of("id", "source", "type", "subject", "time")) {
        if (!event.path(name).isTextual() || event.path(name).textValue().isEmpty()) {
          return null;
        }
      }
      OffsetDateTime.parse(event.get("time").textValue());
      boolean known = event.path("specversion").asText().equals("1.0");
      return known && isValue(event.get("data").get("input_tokens")) ? event : null;
    } catch (IOException | DateTimeException e) {
      return null;
    }
  }

  private static boolean isValue(JsonNode value) {
    return value != null
        && value.isNumber()
        && value.decimalValue().precision() - Math.min(0, value.decimalValue().scale()) <= 38;
  }

  private void accept(JsonNode event) {
    acceptedTimes.add(OffsetDateTime.parse(event.get("time").textValue()).toInstant());
    JsonNode data = event.get("data");
    String subject = event.get("subject").textValue();
    String group = subject + "/" + data.get("model").textValue();
    sums.merge("calls " + group, BigDecimal.ONE, BigDecimal::add);
    sums.merge("input " + group, data.get("input_tokens").decimalValue(), BigDecimal::add);
    sums.merge("output " + group, data.get("output_tokens").decimalValue(), BigDecimal::add);
    sums.merge("cost " + group, new BigDecimal(data.get("cost").textValue()), BigDecimal::add);
    sums.merge("peak " + subject, data.get("latency_ms").decimalValue(), BigDecimal::max);
    distinct
        .computeIfAbsent(subject, any -> new HashSet<>())
        .add(data.get("region").textValue());
  }
}
