package dev.weir.benchmarks.jmh;

import java.nio.charset.StandardCharsets;

/** Bodies of LLM usage events, about 230 bytes each. */
final class SampleEvents {

  private SampleEvents() {}

  /** Newline-delimited events with ids from {@code first}. */
  static byte[] lines(int first, int count) {
    StringBuilder body = new StringBuilder(count * 240);
    for (int i = 0; i < count; i++) {
      int n = first + i;
      body.append("{\"specversion\":\"1.0\",\"id\":\"evt-")
          .append(n)
          .append("\",\"source\":\"gateway-3\",\"type\":\"llm.call\",\"subject\":\"customer-")
          .append(n % 200)
          .append("\",\"time\":\"2026-01-")
          .append(10 + n % 20)
          .append("T10:15:30.123456Z\",\"data\":{\"model\":\"m-")
          .append(n % 4)
          .append("\",\"input_tokens\":")
          .append(100 + n % 4_000)
          .append(",\"output_tokens\":")
          .append(n % 900)
          .append(",\"region\":\"eu\",\"cost\":\"0.00125\"}}\n");
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
