package dev.weir.benchmarks.ingest;

import dev.weir.benchmarks.load.AnswerText;
import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.RequestForm;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Requests of new events; reads from the answers what was accepted. */
public final class IngestExchange implements Exchange {

  private static final byte[] ACCEPTED = "\"accepted\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] POSITION = "\"position\":\"".getBytes(StandardCharsets.US_ASCII);

  private final EventShape shape;
  private final EventBody body;
  private final RequestForm form;
  private final Ledger ledger;
  private final InstantSource clock;
  private long value;

  public IngestExchange(EventShape shape, EventBody body, Ledger ledger, InstantSource clock) {
    this.shape = shape;
    this.body = body;
    this.form =
        new RequestForm("POST", "/api/v1/events", shape.format().type(), body.bytes().length);
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public RequestForm next() {
    value = body.patch(ledger.take(shape.eventsPerRequest()), clock.instant());
    return form;
  }

  @Override
  public byte[] body() {
    return body.bytes();
  }

  @Override
  public boolean answered(int status, byte[] answer, int length, boolean measured) {
    if (status == NO_ANSWER || (status >= 500 && status != 503)) {
      ledger.unknown(value);
      return false;
    }
    if (status != 200) {
      ledger.refused(status);
      return false;
    }
    if (number(answer, length) != shape.eventsPerRequest()) {
      ledger.odd();
      ledger.unknown(value);
      return false;
    }
    ledger.accepted(shape.eventsPerRequest(), value);
    if (measured && ledger.wantsOffer()) {
      offer(answer, length);
    }
    return true;
  }

  private void offer(byte[] answer, int length) {
    int from = AnswerText.behind(POSITION, answer, length);
    int to = from;
    while (from >= 0 && to < length && answer[to] != '"') {
      to++;
    }
    if (from >= 0 && to < length) {
      String position = new String(answer, from, to - from, StandardCharsets.US_ASCII);
      ledger.offer(new Ledger.Acknowledged(position, System.nanoTime()));
    }
  }

  /** How many were accepted; -1 if the answer does not say. */
  private static long number(byte[] answer, int length) {
    int at = AnswerText.behind(ACCEPTED, answer, length);
    if (at < 0) {
      return -1;
    }
    long number = 0;
    for (; at < length && answer[at] >= '0' && answer[at] <= '9'; at++) {
      number = number * 10 + answer[at] - '0';
    }
    return number;
  }
}
