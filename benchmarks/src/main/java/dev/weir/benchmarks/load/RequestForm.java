package dev.weir.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * A kind of request; what differs from one to the next is the content of its body.
 *
 * @param type of the body; empty when there is none
 * @param bodyBytes always as many
 */
public record RequestForm(String method, String path, String type, int bodyBytes) {

  byte[] head(LoadPlan plan) {
    StringBuilder head = new StringBuilder(256)
        .append(method)
        .append(' ')
        .append(path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(plan.server().getAuthority())
        .append("\r\nAuthorization: Bearer ")
        .append(plan.key())
        .append("\r\n");
    if (!type.isEmpty()) {
      head.append("Content-Type: ").append(type).append("\r\n");
      head.append("Content-Length: ").append(bodyBytes).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
