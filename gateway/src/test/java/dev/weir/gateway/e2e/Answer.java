package dev.weir.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.metering.json.Json;
import java.net.http.HttpHeaders;

/** What came back over HTTP. */
record Answer(int status, HttpHeaders headers, String text) {

  JsonNode json() {
    return Json.parseOwn(text);
  }

  /** What the envelope holds. */
  JsonNode data() {
    return json().path("data");
  }

  /** The first header of this name, or an empty text. */
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /** Itself, if it has this status. */
  Answer require(int expected) {
    if (status != expected) {
      throw new AssertionError("expected %d, got %s".formatted(expected, this));
    }
    return this;
  }

  @Override
  public String toString() {
    return status + " " + text;
  }
}
