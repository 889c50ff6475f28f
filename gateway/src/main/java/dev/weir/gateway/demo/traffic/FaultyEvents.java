package dev.weir.gateway.demo.traffic;

import dev.weir.gateway.client.BodyFormat;
import dev.weir.gateway.client.ByteWriter;
import java.util.List;

/**
 * Events that must be rejected, one kind after the other. All but the last few are valid JSON; those
 * few spoil only their own line of NDJSON and are left out of JSON arrays.
 */
final class FaultyEvents {

  private static final String TIME = "2026-01-15T12:00:00Z";
  private static final String DATA = "{\"model\":\"atlas-small\",\"input_tokens\":1,"
      + "\"output_tokens\":1,\"region\":\"us-east\",\"latency_ms\":1,\"cost\":\"0.1\"}";

  /** Kinds with a placeholder for a number that makes them distinct. */
  private static final List<String> KINDS = List.of(
      // no id, no source, no type
      without("\"id\":\"faulty-%d\","),
      without("\"source\":\"llm-gateway\","),
      without("\"type\":\"llm.call\","),
      // id of a wrong type
      sound().replace("\"faulty-%d\"", "%d"),
      // a version that does not exist
      sound().replace("\"1.0\"", "\"9.9\""),
      // times that are none
      sound().replace(TIME, "2026-13-45T99:00:00Z"),
      sound().replace(TIME, "yesterday"),
      // values that are no decimals, or are far too large
      sound().replace("\"input_tokens\":1", "\"input_tokens\":\"NaN\""),
      sound().replace("\"input_tokens\":1", "\"input_tokens\":1e400"),
      sound().replace("\"input_tokens\":1", "\"input_tokens\":true"),
      // data, or the event itself, that is no object
      sound().replace(DATA, "\"text\""),
      "[\"faulty-%d\"]",
      "\"faulty-%d\"",
      // not JSON at all
      sound().replace("\"input_tokens\":1", "\"input_tokens\":NaN"),
      sound().replace("\"input_tokens\":1", "\"input_tokens\":1" + "0".repeat(400)),
      "{\"specversion\":\"1.0\",\"id\":\"faulty-%d");

  private static final int MALFORMED_KINDS = 3;

  private FaultyEvents() {}

  static void write(ByteWriter out, long number, BodyFormat format) {
    int kinds = format == BodyFormat.JSON ? KINDS.size() - MALFORMED_KINDS : KINDS.size();
    String kind = KINDS.get((int) (number % kinds));
    out.text(kind.replace("%d", Long.toString(number)));
  }

  private static String sound() {
    return "{\"specversion\":\"1.0\",\"id\":\"faulty-%d\",\"source\":\"llm-gateway\","
        + "\"type\":\"llm.call\",\"subject\":\"acme-001\",\"time\":\""
        + TIME
        + "\",\"data\":"
        + DATA
        + "}";
  }

  private static String without(String part) {
    return sound().replace(part, "");
  }
}
