package dev.weir.metering.event;

import dev.weir.metering.dedup.IdentityKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Decodes request bodies as one fixed tenant; shared by the tests of several packages. */
public final class Decoding {

  public static final UUID TENANT = UUID.fromString("00000000-0000-7000-8000-00000000000a");
  public static final IdentityKey KEY = new IdentityKey(1, 2);

  /** 2026-03-05T12:00:00Z. */
  public static final long RECEIVED_NANOS = 1_772_712_000L * EventTime.NANOS_PER_SECOND;

  private static final EventDecoder DECODER = new EventDecoder(EventLimits.DEFAULT);

  private Decoding() {}

  public static EventDecoder.Sender sender(EventRules rules, long receivedNanos) {
    return new EventDecoder.Sender(TENANT, KEY.forTenant(TENANT), rules, receivedNanos);
  }

  public static EventDecoder.Sender sender() {
    return sender(EventRules.NONE, RECEIVED_NANOS);
  }

  public static EventBatch json(String body) {
    return json(body.getBytes(StandardCharsets.UTF_8), EventRules.NONE);
  }

  public static EventBatch json(byte[] body, EventRules rules) {
    return DECODER.decodeJson(body, sender(rules, RECEIVED_NANOS));
  }

  public static EventBatch lines(String body) {
    return lines(body.getBytes(StandardCharsets.UTF_8));
  }

  public static EventBatch lines(byte[] body) {
    return DECODER.decodeLines(body, sender());
  }

  /** What was rejected: index, code, field. */
  public static List<String> rejections(EventBatch batch) {
    return batch.rejections().stream()
        .map(r -> r.index() + " " + r.rejection().code() + " " + r.rejection().field())
        .toList();
  }

  /** A sound event with an id, a time and data. */
  public static String event(String id, String time, String data) {
    return """
        {"specversion":"1.0","id":"%s","source":"test","type":"t","subject":"s","time":"%s","data":%s}""".formatted(id, time, data);
  }

  public static String event(String id) {
    return event(id, "2026-03-01T00:00:00Z", "{}");
  }
}
