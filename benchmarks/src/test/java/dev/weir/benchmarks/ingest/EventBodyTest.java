package dev.weir.benchmarks.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventBodyTest {

  private static List<JsonNode> events(BodyFormat format, byte[] body) {
    String text = new String(body, StandardCharsets.US_ASCII);
    List<JsonNode> events = new ArrayList<>();
    if (format == BodyFormat.ARRAY) {
      Json.parseOwn(text).forEach(events::add);
    } else {
      text.lines().forEach(line -> events.add(Json.parseOwn(line)));
    }
    return events;
  }

  @ParameterizedTest
  @EnumSource(BodyFormat.class)
  void eventsAreFreshAndTheirValuesAddUp(BodyFormat format) {
    EventShape shape = new EventShape(format, 4, 3, 2);
    EventBody body = new EventBody(shape, "bench.x", "abc");
    body.patch(0, Instant.parse("2026-02-03T04:05:06.789Z"));

    long sum = body.patch(8_998, Instant.parse("2026-02-03T04:05:07.001Z"));

    List<JsonNode> events = events(format, body.bytes());
    assertEquals(4, events.size());
    long added = 0;
    for (int i = 0; i < 4; i++) {
      JsonNode event = events.get(i);
      long number = 8_998L + i;
      assertEquals(
          String.format(Locale.ROOT, "abc-%012d", number), event.path("id").asText());
      assertEquals(
          "customer-00000%d".formatted(number % 3), event.path("subject").asText());
      assertEquals("m-000%d".formatted(number % 2), event.at("/data/model").asText());
      assertEquals("bench.x", event.path("type").asText());
      assertEquals("2026-02-03T04:05:07.000Z", event.path("time").asText());
      added += event.at("/data/tokens").asLong();
    }
    assertEquals(9_998L + 9_999L + 1_000L + 1_001L, added);
    assertEquals(added, sum);
    assertEquals(body.eventBytes() * 4 + (format == BodyFormat.ARRAY ? 1 : 0), body.bytes().length);
  }
}
