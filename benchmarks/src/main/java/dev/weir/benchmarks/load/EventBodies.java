package dev.weir.benchmarks.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Newline-delimited events with fresh ids and the current time, made by patching digits into a
 * template: cheap enough not to disturb the measurement.
 */
final class EventBodies {

  private static final int ID_DIGITS = 12;
  private static final int SUBJECT_DIGITS = 6;
  private static final int TOKEN_DIGITS = 4;

  private final byte[] template;
  private final int idAt;
  private final int subjectAt;
  private final int timeAt;
  private final int tokensAt;
  private final int batchEvents;
  private final int subjects;
  private long next;

  /**
   * @param run names this run in every id, so that runs do not repeat each other's
   */
  EventBodies(String run, int batchEvents, int subjects) {
    String text =
        "{\"specversion\":\"1.0\",\"id\":\"" + run + "-000000000000\",\"source\":\"bench\""
            + ",\"type\":\"bench.call\",\"subject\":\"customer-000000\""
            + ",\"time\":\"2026-01-01T00:00:00.000Z\",\"data\":{\"model\":\"m-1\",\"tokens\":1000"
            + ",\"region\":\"eu-central\",\"cached\":false}}\n";
    template = text.getBytes(StandardCharsets.US_ASCII);
    idAt = text.indexOf("-000000000000") + 1;
    subjectAt = text.indexOf("customer-") + 9;
    timeAt = text.indexOf("2026-01-01T");
    tokensAt = text.indexOf("1000");
    this.batchEvents = batchEvents;
    this.subjects = subjects;
  }

  int eventBytes() {
    return template.length;
  }

  /** The body of the next request. */
  Buffer next(Instant now) {
    byte[] body = new byte[template.length * batchEvents];
    byte[] time =
        now.truncatedTo(ChronoUnit.SECONDS).toString().getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < batchEvents; i++) {
      int from = i * template.length;
      System.arraycopy(template, 0, body, from, template.length);
      digits(body, from + idAt, ID_DIGITS, next);
      digits(body, from + subjectAt, SUBJECT_DIGITS, next % subjects);
      System.arraycopy(time, 0, body, from + timeAt, 19);
      digits(body, from + tokensAt, TOKEN_DIGITS, 1_000 + next % 9_000);
      next++;
    }
    return Buffer.buffer(body);
  }

  private static void digits(byte[] target, int at, int count, long value) {
    long rest = value;
    for (int i = count - 1; i >= 0; i--) {
      target[at + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
