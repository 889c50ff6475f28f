package dev.weir.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads answers of HTTP/1.1 as their bytes come: a status line, fields, and a body with a length or in
 * chunks. One for each connection.
 */
final class AnswerParser {

  private static final int HEAD_BYTES_MAX = 32 * 1024;
  private static final int BODY_BYTES_MAX = 256 << 20;

  private byte[] bytes = new byte[4 * 1024];
  private int length;
  private byte[] body = new byte[1024];
  private int bodyLength;
  private int status;
  private boolean closes;

  /** Takes bytes that came. */
  void add(byte[] source, int count) {
    bytes = room(bytes, length, count);
    System.arraycopy(source, 0, bytes, length, count);
    length += count;
  }

  /**
   * Reads an answer if it is whole; only one is under way.
   *
   * @throws IllegalStateException if it is no HTTP
   */
  boolean read() {
    int head = headEnd();
    if (head < 0) {
      require(length <= HEAD_BYTES_MAX, "an answer's head is too long");
      return false;
    }
    String text = new String(bytes, 0, head, StandardCharsets.ISO_8859_1);
    require(text.startsWith("HTTP/1.1 ") && text.length() >= 12, "no answer of HTTP/1.1");
    status = Integer.parseInt(text.substring(9, 12));
    String fields = text.toLowerCase(Locale.ROOT);
    closes = fields.contains("\r\nconnection: close");
    if (fields.contains("\r\ntransfer-encoding: chunked")) {
      return readChunks(head);
    }
    int bodyBytes = contentLength(fields);
    if (length < head + bodyBytes) {
      return false;
    }
    bodyLength = 0;
    append(head, bodyBytes);
    length = 0;
    return true;
  }

  /** The place after the empty line; -1 if it has not come. */
  private int headEnd() {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(String fields) {
    int at = fields.indexOf("\r\ncontent-length:");
    if (at < 0) {
      return 0;
    }
    int from = at + "\r\ncontent-length:".length();
    int bytes =
        Integer.parseInt(fields.substring(from, fields.indexOf('\r', from)).strip());
    require(bytes <= BODY_BYTES_MAX, "an answer's body is too long");
    return bytes;
  }

  private boolean readChunks(int head) {
    bodyLength = 0;
    int at = head;
    while (true) {
      int lineEnd = lineEnd(at);
      if (lineEnd < 0) {
        return false;
      }
      String line = new String(bytes, at, lineEnd - at - 2, StandardCharsets.US_ASCII);
      int chunk = Integer.parseInt(line.replaceFirst(";.*", "").strip(), 16);
      require(bodyLength + chunk <= BODY_BYTES_MAX, "an answer's body is too long");
      if (length < lineEnd + chunk + 2) {
        return false;
      }
      append(lineEnd, chunk);
      at = lineEnd + chunk + 2;
      if (chunk == 0) {
        length = 0;
        return true;
      }
    }
  }

  private int lineEnd(int from) {
    for (int i = from + 1; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  private void append(int from, int count) {
    body = room(body, bodyLength, count);
    System.arraycopy(bytes, from, body, bodyLength, count);
    bodyLength += count;
  }

  private static byte[] room(byte[] array, int used, int more) {
    return array.length >= used + more
        ? array
        : Arrays.copyOf(array, Math.max(used + more, array.length * 2));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  int status() {
    return status;
  }

  /** Whether the server closes the connection behind the answer. */
  boolean closes() {
    return closes;
  }

  byte[] body() {
    return body;
  }

  int bodyLength() {
    return bodyLength;
  }

  /** Forgets what has come, for a new connection. */
  void clear() {
    length = 0;
  }
}
