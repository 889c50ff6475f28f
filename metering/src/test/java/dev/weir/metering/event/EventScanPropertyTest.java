package dev.weir.metering.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.meter.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the scan takes from a request is what the parser takes, to the last bit, whatever is in it. */
class EventScanPropertyTest {

  private static final long SEED = Long.getLong("weir.scan.seed", System.nanoTime());
  private static final int ROUNDS = 30_000;
  private static final int EVENTS_MAX = 6;
  private static final List<EventDecoder.Count> COUNTS = List.of(EventDecoder.Count.values());
  private static final EventDecoder DECODER =
      new EventDecoder(new EventLimits(EVENTS_MAX, 1 << 20));

  private static final String[] PLAIN = {
    "\"a\"", "\"llm.call\"", "\"customer-7\"", "\"x y\"", "\"{}[]:,\"", "\"~\"", "\"0\""
  };

  private static final String[] ODD = {
    "\"\"",
    "\"é日本😀\"",
    "\"a\\u0041\"",
    "\"\\\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "null",
    "7",
    "{}",
    "[\"a\"]",
    "true",
    "\"" + "z".repeat(513) + "\"",
    "\"" + "z".repeat(1_025) + "\"",
    "\"\u007f\""
  };

  private static final String[] TIMES = {
    "\"2026-03-01T10:20:30Z\"",
    "\"2026-03-01T10:20:30.123456789Z\"",
    "\"2026-03-01t10:20:30.5z\"",
    "\"2024-02-29T23:59:59+05:30\"",
    "\"2026-03-01T00:00:00-23:59\"",
    "\"1970-01-01T00:00:00Z\"",
    "\"2026-02-29T00:00:00Z\"",
    "\"2026-03-01T10:20:30.1234567890Z\"",
    "\"2026-03-01T24:00:00Z\"",
    "\"2026-03-01 10:20:30Z\"",
    "\"2200-01-01T00:00:00Z\"",
    "\"2026-03-01T10:20:30\"",
    "\"٢026-03-01T10:20:30Z\"",
    "null",
    "1772712000"
  };

  private static final String[] SCALARS = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "7",
    "-12",
    "007",
    "-",
    "1.",
    ".5",
    "+1",
    "0.50",
    "1e3",
    "1E-7",
    "1e",
    "-1.5e+10",
    "123456789012345678",
    "-12345678901234567",
    "1234567890123456789",
    "NaN",
    "-Infinity",
    "\"x\"",
    "\"0.25\"",
    "\"é\"",
    "\"a\\\"b\"",
    "\"\"",
    "nul",
    "tru",
    "truely",
    "1a",
    "1".repeat(101),
    "0." + "3".repeat(1_200),
    "7".repeat(1_001)
  };

  private static final String[] NAMES = {
    "n", "tokens", "model", "a b", "é", "a\\u0062", "", "N", "k".repeat(1_001), "k".repeat(50_001)
  };

  /** Of type "a" a number is asked for; of "llm.call" anything goes. */
  private static final EventRules RULES = new EventRules() {
    private final PathTree numbers = tree("$.n", "$.model", "$.tokens[1]", "$.tokens.n");
    private final PathTree texts = tree("$.model", "$.tokens");

    @Override
    public @Nullable PathTree paths(String type) {
      return type.equals("a") ? numbers : type.equals("llm.call") ? texts : null;
    }

    @Override
    public @Nullable Rejection check(String type, Scalars scalars) {
      return type.equals("a") && scalars.decimal(0) == null && !scalars.isMissing(0)
          ? new Rejection(MeteringError.EVENT_VALUE_INVALID, "data.n", "got " + scalars.text(0))
          : null;
    }
  };

  private static PathTree tree(String... paths) {
    PathTree tree = new PathTree();
    for (String path : paths) {
      tree.add(JsonPath.parse(path, "test"));
    }
    return tree;
  }

  private int plain;

  @Test
  void theScanTakesWhatTheParserTakes() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      Random random = new Random(seed);
      boolean array = random.nextBoolean();
      byte[] body = body(random, array);
      EventDecoder.Sender sender = Decoding.sender(RULES, Decoding.RECEIVED_NANOS + round);
      EventDecoder.Count count = COUNTS.get(random.nextInt(COUNTS.size()));
      // The parser marks in the body where it goes on behind an element that is broken.
      Supplier<EventBatch> parsed = array
          ? () -> DECODER.parseJson(body.clone(), count, sender)
          : () -> DECODER.parseLines(empty(sender), EventDecoder.start(body), body, sender);
      Supplier<EventBatch> decoded = array
          ? () -> DECODER.decodeJson(body.clone(), count, sender)
          : () -> DECODER.decodeLines(body, sender);
      assertEquals(
          print(parsed),
          print(decoded),
          () -> "-Dweir.scan.seed=" + seed + " " + count + " "
              + new String(body, StandardCharsets.UTF_8));
      EventScan scan = new EventScan(empty(sender), sender, body);
      int start = EventDecoder.start(body);
      boolean all = array
          ? scan.readJson(start, count, EVENTS_MAX)
          : scan.readLines(start, EVENTS_MAX) == body.length && body.length > start;
      plain += all ? 1 : 0;
    }
    assertTrue(plain > ROUNDS / 20, "only " + plain + " bodies were plain");
  }

  private static EventBatch empty(EventDecoder.Sender sender) {
    return new EventBatch(sender.tenantId(), sender.receivedNanos(), 0);
  }

  private static String print(Supplier<EventBatch> decoding) {
    EventBatch batch;
    try {
      batch = decoding.get();
    } catch (Refusal e) {
      return e.code() + " " + e.getMessage();
    }
    List<String> events = new ArrayList<>();
    for (int i = 0; i < batch.count(); i++) {
      events.add(batch.id(i) + " " + batch.verdict(i) + " " + batch.identityHigh(i) + " "
          + batch.identityLow(i) + " " + batch.payloadHash(i) + " "
          + Arrays.toString(
              Arrays.copyOfRange(batch.headBytes(), batch.headFrom(i), batch.headTo(i)))
          + " "
          + new String(
              batch.dataBytes(),
              batch.dataFrom(i),
              batch.dataTo(i) - batch.dataFrom(i),
              StandardCharsets.UTF_8));
    }
    return events + " " + batch.rejections();
  }

  private static byte[] body(Random random, boolean array) {
    // A body with one odd thing tells more than one in which all is odd.
    int oddness = random.nextInt(4) == 0 ? 4 : random.nextInt(3) == 0 ? 100 : 1_000_000;
    StringBuilder body = new StringBuilder(random.nextInt(50) == 0 ? "\ufeff" : "");
    int events = random.nextInt(EVENTS_MAX + 2);
    boolean brackets = array && (events != 1 || random.nextBoolean());
    body.append(brackets ? "[" : "");
    for (int i = 0; i < events; i++) {
      body.append(i > 0 && array ? "," : "");
      blank(body, random);
      event(body, random, oddness);
      body.append(array || random.nextInt(10) == 0 ? "" : "\n");
    }
    body.append(brackets ? "]" : "");
    blank(body, random);
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return random.nextInt(4) == 0 && bytes.length > 0 ? damaged(bytes, random) : bytes;
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> {
        byte[] changed = bytes.clone();
        changed[at] = (byte) random.nextInt(256);
        yield changed;
      }
      default -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
        yield shorter;
      }
    };
  }

  private static void event(StringBuilder body, Random random, int oddness) {
    List<String> attributes = new ArrayList<>();
    attributes.add("\"id\":" + text(random, oddness));
    attributes.add("\"source\":" + text(random, oddness));
    attributes.add("\"subject\":" + text(random, oddness));
    attributes.add("\"type\":" + text(random, oddness));
    attributes.add(
        "\"specversion\":" + (random.nextInt(oddness) == 1 ? text(random, 2) : "\"1.0\""));
    if (random.nextBoolean()) {
      int time = random.nextInt(random.nextInt(oddness) == 1 ? TIMES.length : 6);
      attributes.add("\"time\":" + TIMES[time]);
    }
    if (random.nextInt(5) > 0) {
      StringBuilder data = new StringBuilder();
      object(data, random, oddness, random.nextInt(oddness) == 1 ? -40 : 0);
      attributes.add("\"data\":" + data);
    }
    if (random.nextInt(4) == 0) {
      attributes.add("\"datacontenttype\":\"application/json"
          + (random.nextInt(oddness) == 1 ? "; charset=utf-8\"" : "\""));
    }
    if (random.nextInt(oddness) == 1) {
      attributes.add("\"trace\":" + text(random, 2));
    }
    if (random.nextInt(oddness) == 1) {
      attributes.add(attributes.get(random.nextInt(attributes.size())));
    }
    if (random.nextInt(oddness) == 1) {
      attributes.remove(random.nextInt(attributes.size()));
    }
    if (random.nextBoolean()) {
      Collections.shuffle(attributes, random);
    }
    body.append('{');
    for (int i = 0; i < attributes.size(); i++) {
      body.append(i == 0 ? "" : ",");
      blank(body, random);
      body.append(attributes.get(i));
      blank(body, random);
    }
    body.append('}');
  }

  private static String text(Random random, int oddness) {
    return random.nextInt(oddness) == 1
        ? ODD[random.nextInt(ODD.length)]
        : PLAIN[random.nextInt(PLAIN.length)];
  }

  private static void blank(StringBuilder body, Random random) {
    while (random.nextInt(8) == 0) {
      body.append(" \n\t\r".charAt(random.nextInt(4)));
    }
  }

  private static void object(StringBuilder data, Random random, int oddness, int depth) {
    data.append('{');
    int members = depth < 0 ? 1 : random.nextInt(4);
    for (int i = 0; i < members; i++) {
      data.append(i == 0 ? "" : ",");
      blank(data, random);
      int names = random.nextInt(oddness) == 1 ? NAMES.length : 4;
      data.append('"').append(NAMES[random.nextInt(names)]).append("\":");
      value(data, random, oddness, depth);
    }
    data.append('}');
  }

  private static void value(StringBuilder data, Random random, int oddness, int depth) {
    blank(data, random);
    int kind = depth < 0 ? 0 : depth > 3 ? 9 : random.nextInt(8);
    if (kind == 0) {
      object(data, random, oddness, depth + 1);
    } else if (kind == 1) {
      data.append('[');
      int elements = random.nextInt(3);
      for (int i = 0; i < elements; i++) {
        data.append(i == 0 ? "" : ",");
        value(data, random, oddness, depth + 1);
      }
      data.append(']');
    } else if (random.nextInt(oddness) == 1) {
      data.append(SCALARS[random.nextInt(SCALARS.length)]);
    } else {
      data.append(
          random.nextBoolean() ? random.nextInt(100_000) : "\"m-" + random.nextInt(9) + '"');
    }
    blank(data, random);
  }
}
