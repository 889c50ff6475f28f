package dev.weir.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A kind of request; what differs from one to the next is the content of its body.
 *
 * @param type of the body; empty when there is none
 * @param bodyBytes always as many
 * @param headers besides those that every request has
 */
public record RequestForm(
    String method, String path, String type, int bodyBytes, Map<String, String> headers) {

  public RequestForm {
    headers = Map.copyOf(headers);
  }

  public RequestForm(String method, String path, String type, int bodyBytes) {
    this(method, path, type, bodyBytes, Map.of());
  }

  byte[] head(LoadPlan plan) {
    StringBuilder head = new StringBuilder(256)
        .append(method)
        .append(' ')
        .append(path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(plan.server().getAuthority())
        .append("\r\n");
    if (!plan.key().isEmpty()) {
      head.append("Authorization: Bearer ").append(plan.key()).append("\r\n");
    }
    headers.forEach(
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!type.isEmpty()) {
      head.append("Content-Type: ").append(type).append("\r\n");
      head.append("Content-Length: ").append(bodyBytes).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
