package dev.weir.metering.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FrameTest {

  private static final String[] ALPHABET = {"a", "B", "9", "ß", "€", "😀", "-", " ", "/"};

  private static String text(Random random, int charsMax) {
    StringBuilder text = new StringBuilder("x");
    int count = random.nextInt(charsMax);
    for (int i = 0; i < count; i++) {
      text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return text.toString();
  }

  /** An event as sent, and as it must read back. */
  private static String[] event(Random random, UUID tenant, long received, boolean conflict) {
    String id = text(random, 40);
    String source = text(random, 40);
    String type = text(random, 20);
    String subject = text(random, 20);
    long time =
        random.nextLong(7_000_000_000L) * EventTime.NANOS_PER_SECOND + random.nextInt(1_000);
    String extension = random.nextBoolean() ? "" : "{\"trace\":\"" + text(random, 30) + "\"}";
    String data = random.nextInt(3) == 0
        ? ""
        : "{ \"n\": " + random.nextInt() + ", \"t\":\"" + text(random, 200) + "\"}";
    String json =
        "{\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\",\"subject\":\"%s\",\"time\":\"%s\""
                .formatted(id, source, type, subject, EventTime.instant(time))
            + (extension.isEmpty() ? "" : "," + extension.substring(1, extension.length() - 1))
            + (data.isEmpty() ? "" : ",\"data\":" + data)
            + "}";
    String expected = String.join(
        "|",
        tenant.toString(),
        "" + received,
        id,
        source,
        type,
        subject,
        "" + time,
        extension,
        data,
        "" + conflict);
    return new String[] {json, expected};
  }

  private static EventBatch batch(Random random, List<String> expected) {
    EventDecoder decoder = new EventDecoder(EventLimits.DEFAULT);
    UUID tenant = new UUID(random.nextLong(), random.nextLong());
    long received = random.nextLong(1L << 60);
    List<String> events = new ArrayList<>();
    List<Boolean> conflicts = new ArrayList<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(5) == 0) {
        events.add("{\"id\":\"rejected\"}");
        conflicts.add(false);
        continue;
      }
      boolean conflict = random.nextInt(4) == 0;
      String[] event = event(random, tenant, received, conflict);
      events.add(event[0]);
      conflicts.add(conflict);
      expected.add(event[1]);
    }
    EventBatch batch = decoder.decodeJson(
        events.toString().getBytes(StandardCharsets.UTF_8),
        new EventDecoder.Sender(tenant, Decoding.KEY, EventRules.NONE, received));
    for (int i = 0; i < count; i++) {
      if (conflicts.get(i)) {
        batch.setVerdict(i, Verdict.CONFLICT);
      }
    }
    return batch;
  }

  @Test
  void randomBatchesReadBackAsTheyWereWritten() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<String> expected = new ArrayList<>();
      EventBatch[] batches = new EventBatch[1 + random.nextInt(5)];
      for (int i = 0; i < batches.length; i++) {
        batches[i] = batch(random, expected);
      }
      long first = 1 + random.nextLong(1L << 50);
      Frame frame = Frames.read(Frames.bytes(random.nextInt(64), first, batches));
      List<String> actual = new ArrayList<>();
      long[] sequence = {first};
      frame.forEach(r -> {
        assertEquals(sequence[0]++, r.sequence());
        actual.add(String.join(
            "|",
            r.tenantId().toString(),
            "" + r.receivedNanos(),
            r.id(),
            r.source(),
            r.type(),
            r.subject(),
            "" + r.timeNanos(),
            r.extensions(),
            r.data(),
            "" + r.isConflict()));
      });
      assertEquals(expected, actual, "seed " + seed);
      assertEquals(expected.size(), frame.records());
      assertEquals(first, frame.firstSequence());
      assertEquals(first + expected.size() - 1, frame.lastSequence());
    }
  }

  @Test
  void everyFlippedByteIsDetected() {
    Random random = new Random(5);
    byte[] sound =
        Frames.bytes(3, 77, batch(random, new ArrayList<>()), batch(random, new ArrayList<>()));
    assertEquals("", Frames.load(sound).fault());
    for (int at = 0; at < sound.length; at++) {
      for (int mask : new int[] {0x01, 0x80, 0xff, 1 + random.nextInt(255)}) {
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) mask;
        assertFalse(Frames.load(damaged).fault().isEmpty(), "byte " + at + " xor " + mask);
      }
    }
  }

  @Test
  void everyCutIsDetected() {
    byte[] sound = Frames.bytes(0, 1, batch(new Random(6), new ArrayList<>()));
    for (int length = 0; length < sound.length; length++) {
      assertFalse(Frames.load(Arrays.copyOf(sound, length)).fault().isEmpty(), "length " + length);
    }
    assertFalse(Frames.load(Arrays.copyOf(sound, sound.length + 4)).fault().isEmpty());
  }

  @Test
  void aBufferIsReusedFromLargeFramesToSmallOnes() {
    Frame frame = new Frame();
    for (int events : new int[] {1, 5_000, 2, 9_000, 3}) {
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < events; i++) {
        body.append(Decoding.event(
            "id-" + i, "2026-01-01T00:00:00Z", "{\"x\":\"" + "y".repeat(90) + "\"}"));
      }
      byte[] bytes = Frames.bytes(0, 1, Decoding.lines(body.toString()));
      System.arraycopy(bytes, 0, frame.room(bytes.length), 0, bytes.length);
      assertEquals("", frame.fault());
      int[] count = {0};
      frame.forEach(r -> assertEquals("id-" + count[0]++, r.id()));
      assertEquals(events, count[0]);
    }
  }
}
