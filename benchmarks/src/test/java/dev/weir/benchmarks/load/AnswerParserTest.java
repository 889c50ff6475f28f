package dev.weir.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerParserTest {

  private final AnswerParser parser = new AnswerParser();

  /** Feeds all bytes but the last one by one, and sees that nothing is whole before. */
  private void feed(String answer) {
    byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i++) {
      parser.add(new byte[] {bytes[i]}, 1);
      assertEquals(i == bytes.length - 1, parser.read(), answer.substring(0, i));
    }
  }

  private String body() {
    return new String(parser.body(), 0, parser.bodyLength(), StandardCharsets.US_ASCII);
  }

  @Test
  void bodiesWithALengthAreReadByteByByte() {
    feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assertEquals(200, parser.status());
    assertEquals("hello", body());
    assertFalse(parser.closes());
  }

  @Test
  void oneAnswerAfterAnotherIsRead() {
    feed("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none");
    feed("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nCONTENT-LENGTH: 0\r\n\r\n");
    assertEquals(429, parser.status());
    assertEquals("", body());
    feed("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    assertEquals(204, parser.status());
    assertTrue(parser.closes());
  }

  @Test
  void chunksArePutTogether() {
    feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n");
    assertEquals("abc0123456789", body());
  }

  @Test
  void whatIsNoAnswerIsRefused() {
    byte[] bytes = "SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    parser.add(bytes, bytes.length);
    assertThrows(IllegalStateException.class, parser::read);
  }
}
