package dev.weir.gateway.demo.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.gateway.client.ByteWriter;
import java.util.SplittableRandom;

/**
 * One call, a pure function of (seed, index, number of events): any event can be written again, byte
 * for byte, without having been kept. A flyweight: {@link #select} moves it to another index. One
 * thread at a time; allocates nothing that outlives a call.
 */
final class TrafficEvent {

  static final String SOURCE = "llm-gateway";
  static final String TYPE = "llm.call";
  private static final int ID_DIGITS = 12;
  private static final int SECONDS_PER_DAY = 86_400;

  /** Odd, and not SplittableRandom's own step, so that neighbours draw unrelated numbers. */
  private static final long INDEX_SPREAD = 0xD1342543DE82EF95L;

  private static final int LATE_EVERY = 100;
  private static final int LATE_AT = 37;

  private static final byte[] ID = ascii("{\"specversion\":\"1.0\",\"id\":\"call-");
  private static final byte[] SUBJECT =
      ascii("\",\"source\":\"" + SOURCE + "\",\"type\":\"" + TYPE + "\",\"subject\":\"");
  private static final byte[] TIME = ascii("\",\"time\":\"2026-01-");
  private static final byte[] MODEL = ascii("Z\",\"data\":{\"model\":\"");
  private static final byte[] INPUT = ascii("\",\"input_tokens\":");
  private static final byte[] OUTPUT = ascii(",\"output_tokens\":");
  private static final byte[] REGION = ascii(",\"region\":\"");
  private static final byte[] LATENCY = ascii("\",\"latency_ms\":");
  private static final byte[] COST = ascii(",\"cost\":\"");
  private static final byte[] END = ascii("\"}}");

  private final long seed;
  private final long events;
  private final TrafficCalendar calendar;
  private final TrafficMix mix;

  private long index;
  private int customer;
  private int model;
  private int region;
  private int second;
  private int micros;
  private long inputTokens;
  private long outputTokens;
  private int latencyMillis;
  private long costUnits;

  TrafficEvent(long seed, long events, TrafficCalendar calendar, TrafficMix mix) {
    this.seed = seed;
    this.events = events;
    this.calendar = calendar;
    this.mix = mix;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Moves to the event with this index, from 0. */
  TrafficEvent select(long newIndex) {
    index = newIndex;
    SplittableRandom random = new SplittableRandom(seed + newIndex * INDEX_SPREAD);
    long who = random.nextLong();
    long size = random.nextLong();
    long when = random.nextLong();
    customer = mix.customer(who);
    model = mix.model(who >>> 16);
    region = mix.region(customer, (int) (who >>> 24) & 0xFFF);
    inputTokens = skewed(size, 6);
    outputTokens = skewed(size >>> 32, 3);
    latencyMillis = 40 + (int) (outputTokens * 7) + ((int) (who >>> 36) & 0xFF);
    TrafficMix.Model price = TrafficMix.MODELS.get(model);
    costUnits = inputTokens * price.inputPrice() + outputTokens * price.outputPrice();
    micros = (int) ((when & 0xFFFFF) % 1_000_000);
    second = calendar.secondOf(newIndex, events);
    if (isLate(newIndex)) {
      second -= Math.min(lateSeconds(when >>> 20), second / 2);
    }
    return this;
  }

  /** Mostly small, seldom large: a power of two from 2^least to 2^(least+7), and what lies above. */
  private static long skewed(long draw, int least) {
    int exponent = least + Math.min(Long.numberOfTrailingZeros(draw | 0x80), 7);
    long one = 1L << exponent;
    return one + ((draw >>> 8) & (one - 1));
  }

  /** Half of the late events come hours late, half come days late. */
  private static int lateSeconds(long draw) {
    int spread = (int) ((draw >>> 1) & 0xFFFFF);
    return (draw & 1) == 0
        ? 3_600 + spread % (11 * 3_600)
        : SECONDS_PER_DAY + spread % (9 * SECONDS_PER_DAY);
  }

  /** Whether the event with this index is sent hours or days after it happened: one in a hundred. */
  static boolean isLate(long index) {
    return index % LATE_EVERY == LATE_AT;
  }

  void write(ByteWriter out) {
    write(out, inputTokens);
  }

  /** Same identity, another payload: one more input token. */
  void writeConflicting(ByteWriter out) {
    write(out, inputTokens + 1);
  }

  private void write(ByteWriter out, long input) {
    out.bytes(ID).padded(index, ID_DIGITS);
    out.bytes(SUBJECT).bytes(mix.customerName(customer));
    out.bytes(TIME);
    writeTime(out);
    out.bytes(MODEL).bytes(mix.modelName(model));
    out.bytes(INPUT).number(input);
    out.bytes(OUTPUT).number(outputTokens);
    out.bytes(REGION).bytes(mix.regionName(region));
    out.bytes(LATENCY).number(latencyMillis);
    out.bytes(COST).decimal(costUnits, TrafficMix.COST_SCALE);
    out.bytes(END);
  }

  private void writeTime(ByteWriter out) {
    out.padded(1 + second / SECONDS_PER_DAY, 2).ascii('T');
    out.padded(second / 3_600 % 24, 2).ascii(':');
    out.padded(second / 60 % 60, 2).ascii(':');
    out.padded(second % 60, 2).ascii('.').padded(micros, 6);
  }

  int customer() {
    return customer;
  }

  int model() {
    return model;
  }

  int region() {
    return region;
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  int latencyMillis() {
    return latencyMillis;
  }

  /** In units of 10^-8 US dollars. */
  long costUnits() {
    return costUnits;
  }
}
