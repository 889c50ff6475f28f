package dev.weir.benchmarks.killbill;

import dev.weir.benchmarks.load.Exchange;
import dev.weir.benchmarks.load.RequestForm;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Requests with so many records of one unit and day; made once, then patched. */
final class UsageExchange implements Exchange {

  private static final int CREATED = 201;
  private static final int TRACKING_DIGITS = 12;
  private static final int AMOUNT_DIGITS = 4;
  private static final int AMOUNTS = 9_000;

  /** What all exchanges sent. */
  static final class Tally {
    private final AtomicLong requests = new AtomicLong();
    private final LongAdder records = new LongAdder();
    private final LongAdder amount = new LongAdder();
    private final LongAdder unknownAmount = new LongAdder();

    long records() {
      return records.sum();
    }

    /** Of the requests that were answered. */
    long amount() {
      return amount.sum();
    }

    /** Of those that were not, or by an error. */
    long unknownAmount() {
      return unknownAmount.sum();
    }
  }

  private final int records;
  private final byte[] body;
  private final int trackingAt;
  private final int firstAmountAt;
  private final int stride;
  private final RequestForm form;
  private final Tally tally;
  private long amount;

  UsageExchange(String subscription, int records, LocalDate day, Tally tally) {
    String head = "{\"subscriptionId\":\"" + subscription + "\",\"trackingId\":\"000000000000\","
        + "\"unitUsageRecords\":[{\"unitType\":\"" + KillBillClient.UNIT + "\",\"usageRecords\":[";
    String record = "{\"recordDate\":\"" + day + "\",\"amount\":1000}";
    this.records = records;
    this.tally = tally;
    this.body = (head + (record + ",").repeat(records - 1) + record + "]}]}")
        .getBytes(StandardCharsets.US_ASCII);
    this.trackingAt = head.indexOf("000000000000\"");
    this.firstAmountAt = head.length() + record.indexOf("1000}");
    this.stride = record.length() + 1;
    this.form = new RequestForm(
        "POST", "/1.0/kb/usages", "application/json", body.length, KillBillClient.headers());
  }

  @Override
  public RequestForm next() {
    long number = tally.requests.getAndIncrement();
    digits(trackingAt, TRACKING_DIGITS, number);
    amount = 0;
    for (int i = 0; i < records; i++) {
      long value = 1_000 + (number * records + i) % AMOUNTS;
      digits(firstAmountAt + i * stride, AMOUNT_DIGITS, value);
      amount += value;
    }
    return form;
  }

  private void digits(int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      body[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  @Override
  public byte[] body() {
    return body;
  }

  /** What one record takes, with what separates it from the next. */
  int recordBytes() {
    return stride;
  }

  @Override
  public boolean answered(int status, byte[] answer, int length, boolean measured) {
    if (status != CREATED) {
      tally.unknownAmount.add(amount);
      return false;
    }
    tally.records.add(records);
    tally.amount.add(amount);
    return true;
  }
}
