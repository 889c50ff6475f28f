package dev.weir.gateway.e2e;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Events of January 2026 as a pure function of a number, so that an event can be sent again, byte for
 * byte, without having been kept; and the totals that a set of them must give. Their times differ, and
 * do not follow the order of the numbers.
 */
record NumberedEvents(long seed) {

  static final String TYPE = "numbered";
  static final String SUBJECT = "numbers";

  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  /** 25 days of microseconds. */
  private static final long TIMES = 1L << 41;

  /** From 0 to below a million, with up to nine decimals. */
  BigDecimal amount(int number) {
    long mixed = mix(seed + number);
    return BigDecimal.valueOf((mixed >>> 8) % 1_000_000_000_000_000L, (int) (mixed & 7) + 2)
        .remainder(BigDecimal.valueOf(1_000_000));
  }

  /** An odd factor makes this one to one. */
  Instant time(int number) {
    long micros = ((number + 1L) * 0x5851_F42D_4C95_7F2DL + seed) & (TIMES - 1);
    return JANUARY.plus(micros, ChronoUnit.MICROS);
  }

  /** Adds the event as a JSON object. */
  void append(StringBuilder json, int number) {
    json.append("{\"specversion\":\"1.0\",\"id\":\"n-")
        .append(number)
        .append("\",\"source\":\"test\",\"type\":\"")
        .append(TYPE)
        .append("\",\"subject\":\"")
        .append(SUBJECT)
        .append("\",\"time\":\"")
        .append(time(number))
        .append("\",\"data\":{\"id\":\"n-")
        .append(number)
        .append("\",\"n\":")
        .append(amount(number).toPlainString())
        .append("}}");
  }

  /** A request body with these events. */
  String array(int... numbers) {
    StringBuilder json = new StringBuilder(numbers.length * 180 + 2).append('[');
    for (int i = 0; i < numbers.length; i++) {
      append(i == 0 ? json : json.append(','), numbers[i]);
    }
    return json.append(']').toString();
  }

  BigDecimal sum(BitSet numbers) {
    return numbers.stream().mapToObj(this::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The amount of the event with the latest time. */
  BigDecimal latest(BitSet numbers) {
    int last = numbers.stream().boxed().max(Comparator.comparing(this::time)).orElseThrow();
    return amount(last);
  }

  /** The numbers below a bound. */
  static BitSet below(int bound) {
    BitSet numbers = new BitSet(bound);
    numbers.set(0, bound);
    return numbers;
  }

  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** Finaliser of MurmurHash3 (public domain), made positive. */
  private static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return (h ^ (h >>> 33)) >>> 1;
  }
}
