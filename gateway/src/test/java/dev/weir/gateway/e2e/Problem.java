package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a refusal must look like.
 *
 * @param field empty where the refusal is about no single field
 */
record Problem(int status, String code, String field) {

  /** Words of our own insides that no caller should see. */
  private static final Pattern INSIDES =
      Pattern.compile("Exception|java\\.|io\\.vertx|com\\.fasterxml|SQL|org\\.");

  /** Fails unless the answer is this problem, in the shape that every problem has. */
  void check(Answer answer) {
    String shown = answer.toString();
    assertEquals(status, answer.status(), shown);
    assertEquals("application/problem+json", answer.header("Content-Type"), shown);
    JsonNode body = answer.json();
    assertTrue(body.path("type").asText().startsWith("urn:weir:problem:"), shown);
    assertFalse(body.path("title").asText().isBlank(), shown);
    assertEquals(status, body.path("status").asInt(), shown);
    assertFalse(body.path("success").asBoolean(true), shown);
    JsonNode error = body.path("error");
    assertEquals(code, error.path("code").asText(), shown);
    assertEquals(field, error.path("field").asText(), shown);
    assertEquals(error.path("message").asText(), body.path("detail").asText(), shown);
    checkMessage(error.path("message").asText());
    Instant at = Instant.parse(body.path("timestamp").asText());
    assertTrue(
        Duration.between(at, Instant.now()).abs().compareTo(Duration.ofMinutes(1)) < 0, shown);
    assertFalse(answer.header("X-Request-ID").isEmpty(), shown);
    assertEquals(status == 401, !answer.header("WWW-Authenticate").isEmpty(), shown);
    assertEquals(status == 429 || status == 503, !answer.header("Retry-After").isEmpty(), shown);
  }

  /** A message is a sentence for the caller, and tells nothing of our insides. */
  static void checkMessage(String message) {
    assertTrue(message.length() >= 15 && message.contains(" "), message);
    assertTrue(message.endsWith(".") || message.contains(". ") || message.contains(": "), message);
    assertFalse(INSIDES.matcher(message).find(), message);
  }
}
