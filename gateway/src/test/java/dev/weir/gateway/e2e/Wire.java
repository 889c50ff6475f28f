package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks of shapes that many answers share. */
final class Wire {

  private Wire() {}

  /** The names of an object's members. */
  static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Fails unless the object has these members; it may have more. */
  static void requireNames(JsonNode object, String... names) {
    assertTrue(object.isObject(), object::toString);
    assertTrue(names(object).containsAll(Set.of(names)), object::toString);
  }

  /** The data of an answer in the envelope. */
  static JsonNode data(Answer answer, int status) {
    JsonNode body = answer.require(status).json();
    assertEquals("application/json", answer.header("Content-Type"));
    assertEquals(Set.of("success", "data", "timestamp"), names(body), answer.text());
    assertTrue(body.path("success").asBoolean(), answer.text());
    Instant.parse(body.path("timestamp").asText());
    return body.path("data");
  }

  /** The items of the only page of a list in the envelope. */
  static List<JsonNode> page(Answer answer) {
    JsonNode body = answer.require(200).json();
    assertEquals(Set.of("success", "data", "pagination", "timestamp"), names(body), answer.text());
    assertTrue(body.path("success").asBoolean(), answer.text());
    JsonNode pagination = body.path("pagination");
    assertEquals(Set.of("page", "limit", "total", "totalPages"), names(pagination), answer.text());
    List<JsonNode> items = new ArrayList<>();
    body.path("data").forEach(items::add);
    assertEquals(items.size(), pagination.path("total").asInt(), answer.text());
    assertEquals(1, pagination.path("page").asInt(), answer.text());
    return items;
  }

  /** A plain body, as everything under /api/v1 has. */
  static JsonNode plain(Answer answer, int status) {
    JsonNode body = answer.require(status).json();
    assertEquals("application/json", answer.header("Content-Type"));
    assertTrue(!body.has("success"), answer.text());
    return body;
  }
}
