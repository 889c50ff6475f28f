package dev.weir.benchmarks.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The body of one request, made once: fresh ids, subjects, groups, values and the current second are
 * patched into it, which takes about 50 ns an event. Confined to one thread.
 */
public final class EventBody {

  private static final int ID_DIGITS = 12;
  private static final int SUBJECT_DIGITS = 6;
  private static final int GROUP_DIGITS = 4;
  private static final int VALUE_DIGITS = 4;
  private static final int VALUES = 9_000;
  private static final int SECOND_CHARS = 19;

  private final EventShape shape;
  private final byte[] bytes;
  private final int first;
  private final int stride;
  private final int idAt;
  private final int subjectAt;
  private final int timeAt;
  private final int groupAt;
  private final int valueAt;
  private long second = Long.MIN_VALUE;
  private byte[] secondText = new byte[0];

  /**
   * @param type of the events
   * @param run names this run in every id, so that runs do not repeat each other's
   */
  public EventBody(EventShape shape, String type, String run) {
    this.shape = shape;
    String subject = EventShape.subject(0);
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"" + run + "-000000000000\",\"source\":\"bench\""
            + ",\"type\":\"" + type + "\",\"subject\":\"" + subject + "\""
            + ",\"time\":\"2026-01-01T00:00:00.000Z\",\"data\":{\"model\":\"m-0000\""
            + ",\"tokens\":1000,\"region\":\"eu-central\",\"cached\":false}}";
    boolean array = shape.format() == BodyFormat.ARRAY;
    String separator = array ? "," : "\n";
    String text = (array ? "[" : "") + (event + separator).repeat(shape.eventsPerRequest());
    bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (array) {
      bytes[bytes.length - 1] = ']';
    }
    first = array ? 1 : 0;
    stride = event.length() + 1;
    idAt = event.indexOf("-000000000000\"") + 1;
    subjectAt = event.indexOf(subject) + subject.length() - SUBJECT_DIGITS;
    timeAt = event.indexOf("2026-01-01T");
    groupAt = event.indexOf("m-0000") + 2;
    valueAt = event.indexOf("1000,");
  }

  /**
   * Makes it the body of the next request.
   *
   * @param firstNumber of its events
   * @return the sum of its values
   */
  public long patch(long firstNumber, Instant now) {
    writeSecond(now);
    long sum = 0;
    for (int i = 0; i < shape.eventsPerRequest(); i++) {
      long number = firstNumber + i;
      int at = first + i * stride;
      long value = value(number);
      digits(at + idAt, ID_DIGITS, number);
      digits(at + subjectAt, SUBJECT_DIGITS, number % shape.subjects());
      digits(at + groupAt, GROUP_DIGITS, number % shape.groups());
      digits(at + valueAt, VALUE_DIGITS, value);
      sum += value;
    }
    return sum;
  }

  /** From 1,000 to 9,999. */
  static long value(long number) {
    return 1_000 + number % VALUES;
  }

  private void writeSecond(Instant now) {
    if (now.getEpochSecond() == second) {
      return;
    }
    second = now.getEpochSecond();
    secondText = Instant.ofEpochSecond(second).toString().getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < shape.eventsPerRequest(); i++) {
      System.arraycopy(secondText, 0, bytes, first + i * stride + timeAt, SECOND_CHARS);
    }
  }

  private void digits(int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  public byte[] bytes() {
    return bytes;
  }

  /** A copy of one event, without what separates it from the next. */
  public byte[] event(int number) {
    int from = first + number * stride;
    return Arrays.copyOfRange(bytes, from, from + stride - 1);
  }

  /** What one event takes, with what separates it from the next. */
  public int eventBytes() {
    return stride;
  }
}
