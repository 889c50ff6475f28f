package dev.weir.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Bodies of LLM usage events, about 230 bytes each. */
final class SampleEvents {

  private SampleEvents() {}

  /** Newline-delimited events with ids from {@code first}, of 200 subjects over 20 days. */
  static byte[] lines(int first, int count) {
    StringBuilder body = new StringBuilder(count * 240);
    for (int i = 0; i < count; i++) {
      int n = first + i;
      add(body, n, n % 200, "2026-01-" + (10 + n % 20) + "T10:15:30.123456Z");
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The same with a subject each, all at one time. */
  static byte[] lines(Instant time, int count) {
    StringBuilder body = new StringBuilder(count * 240);
    for (int n = 0; n < count; n++) {
      add(body, n, n, time.toString());
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void add(StringBuilder body, int number, int subject, String time) {
    body.append("{\"specversion\":\"1.0\",\"id\":\"evt-")
        .append(number)
        .append("\",\"source\":\"gateway-3\",\"type\":\"llm.call\",\"subject\":\"customer-")
        .append(subject)
        .append("\",\"time\":\"")
        .append(time)
        .append("\",\"data\":{\"model\":\"m-")
        .append(number % 4)
        .append("\",\"input_tokens\":")
        .append(100 + number % 4_000)
        .append(",\"output_tokens\":")
        .append(number % 900)
        .append(",\"region\":\"eu\",\"cost\":\"0.00125\"}}\n");
  }
}
