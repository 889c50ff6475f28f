package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.dedup.IdentityIndex.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** An index without files: what it remembers, for how long, and its bound. */
class IdentityIndexPropertyTest {

  private record Identity(long high, long low) {}

  private record Seen(long payload, long seconds) {}

  private static Identity identity(Random random, int variety, boolean clustered) {
    long n = random.nextLong(variety);
    // Clustered: all in one part, and always three with the same tag.
    return clustered
        ? new Identity(mix(n / 3) >>> 8, mix(n))
        : new Identity(mix(n), mix(n + 1_000_000));
  }

  private static long mix(long n) {
    return new SplittableRandom(n).nextLong();
  }

  private static IdentityRules rules(long max, long horizon, int volume, long volumeSeconds) {
    return new IdentityRules(max, horizon, volume, volumeSeconds, 1);
  }

  /** A lane on an index: frames of some checks. */
  private static final class Frames {
    private final IdentityIndex index;
    private long sequence;

    Frames(IdentityIndex index) {
      this.index = index;
    }

    void next(long now) {
      index.frameWritten(sequence, sequence);
      index.beginFrame(now);
    }

    Answer check(Identity identity, long payload, long now) {
      index.beginRequest(1, now);
      Answer answer = index.check(identity.high(), identity.low(), payload, now);
      sequence += answer == Answer.NEW ? 1 : 0;
      return answer;
    }
  }

  @Test
  void itAnswersAsAMapDoesWhileItGrowsFreezesAndForgets() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      long horizon = random.nextLong(1, 51);
      long volumeSeconds = random.nextLong(1, 10);
      int variety = 500 + random.nextInt(30_000);
      boolean clustered = seed % 3 == 0;
      Map<Identity, Seen> map = new HashMap<>();
      try (IdentityIndex index = new IdentityIndex(
          rules(Long.MAX_VALUE, horizon, 1 + random.nextInt(5_000), volumeSeconds), null)) {
        Frames frames = new Frames(index);
        long now = 1_000;
        for (int i = 0; i < 60_000; i++) {
          if (random.nextInt(200) == 0) {
            now += random.nextInt(5);
            frames.next(now);
          }
          Identity identity = identity(random, variety, clustered);
          long payload = random.nextInt(3);
          Answer answer = frames.check(identity, payload, now);
          String place = "seed " + seed + ", step " + i;
          Seen seen = map.get(identity);
          boolean mayBeForgotten = seen == null || now - seen.seconds() > horizon;
          // At most a volume's span and the time between two frames longer.
          boolean mustBeForgotten =
              seen == null || now - seen.seconds() > horizon + volumeSeconds + 10;
          if (answer == Answer.NEW) {
            assertTrue(mayBeForgotten, place);
            map.put(identity, new Seen(payload, now));
          } else {
            assertTrue(!mustBeForgotten, place);
            assertEquals(
                seen.payload() == payload ? Answer.DUPLICATE : Answer.CONFLICT, answer, place);
          }
        }
        assertTrue(index.size() <= map.size(), "seed " + seed);
      }
    }
  }

  @Test
  void growthKeepsEveryIdentity() {
    try (IdentityIndex index = new IdentityIndex(Long.MAX_VALUE, 1_000)) {
      Random random = new Random(1);
      Map<Identity, Long> all = new HashMap<>();
      for (int i = 0; i < 300_000; i++) {
        Identity identity = new Identity(random.nextLong(), random.nextLong());
        all.put(identity, (long) i);
        assertEquals(Answer.NEW, index.check(identity.high(), identity.low(), i, 10));
      }
      assertEquals(300_000, index.size());
      index.frameWritten(300_000, 0);
      assertTrue(index.bytes() <= 300_000L * 45, "bytes " + index.bytes());
      all.forEach((identity, payload) -> {
        assertEquals(
            Answer.DUPLICATE, index.check(identity.high(), identity.low(), payload, 1_010));
        assertEquals(
            Answer.CONFLICT, index.check(identity.high(), identity.low(), payload + 1, 1_010));
      });
      assertEquals(300_000, index.size());
    }
  }

  @Test
  void anIdentityIsRememberedToTheHorizonsLastSecondAndForgottenWithItsVolume() {
    try (IdentityIndex index = new IdentityIndex(rules(100, 35, 2, 10), null)) {
      Frames frames = new Frames(index);
      Identity first = new Identity(1, 1);
      Identity second = new Identity(2, 2);
      assertEquals(Answer.NEW, frames.check(first, 7, 1_000));
      assertEquals(Answer.NEW, frames.check(second, 7, 1_003));
      frames.next(1_036);
      // Beyond its own horizon, but its volume's newest is not.
      assertEquals(Answer.DUPLICATE, frames.check(first, 7, 1_036));
      frames.next(1_038);
      assertEquals(Answer.DUPLICATE, frames.check(second, 7, 1_038));
      frames.next(1_039);
      assertEquals(0, index.size());
      assertEquals(Answer.NEW, frames.check(second, 8, 1_039));
      assertEquals(Answer.NEW, frames.check(first, 8, 1_039));
      assertEquals(Answer.CONFLICT, frames.check(first, 7, 1_039));
      assertEquals(2, index.size());
    }
  }

  @Test
  void aClockThatStepsBackForgetsNothing() {
    try (IdentityIndex index = new IdentityIndex(rules(100, 35, 10, 1), null)) {
      Frames frames = new Frames(index);
      Identity identity = new Identity(1, 1);
      assertEquals(Answer.NEW, frames.check(identity, 7, 1_000));
      frames.next(1_001);
      frames.next(900);
      assertEquals(Answer.DUPLICATE, frames.check(identity, 7, 900));
      assertEquals(Answer.NEW, frames.check(new Identity(2, 2), 7, 900));
      frames.next(0);
      assertEquals(Answer.CONFLICT, frames.check(identity, 8, 0));
      frames.next(1_035);
      assertEquals(Answer.DUPLICATE, frames.check(identity, 7, 1_035));
    }
  }

  @Test
  void anUnlimitedHorizonNeverEnds() {
    try (IdentityIndex index =
        new IdentityIndex(rules(100, IdentityRules.UNLIMITED_SECONDS, 1, 1), null)) {
      Frames frames = new Frames(index);
      for (int i = 0; i < 50; i++) {
        assertEquals(Answer.NEW, frames.check(new Identity(i, i), 7, i));
        frames.next(i + 1);
      }
      frames.next(Long.MAX_VALUE);
      for (int i = 0; i < 50; i++) {
        assertEquals(Answer.DUPLICATE, frames.check(new Identity(i, i), 7, Long.MAX_VALUE));
      }
    }
  }

  @Test
  void noHashValueIsSpecial() {
    try (IdentityIndex index = new IdentityIndex(100, 35)) {
      for (long high : new long[] {0, -1}) {
        for (long low : new long[] {0, -1}) {
          assertEquals(Answer.NEW, index.check(high, low, 0, 0));
          assertEquals(Answer.DUPLICATE, index.check(high, low, 0, 0));
        }
      }
    }
  }

  @Test
  void atItsBoundItRefusesNewIdentitiesAndStillKnowsTheOld() {
    for (long seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      int bound = 100 + random.nextInt(2_000);
      int volume = 1 + random.nextInt(bound);
      try (IdentityIndex index = new IdentityIndex(rules(bound, 60, volume, 60), null)) {
        Frames frames = new Frames(index);
        for (int i = 0; i < bound; i++) {
          assertEquals(Answer.NEW, frames.check(new Identity(mix(i), i), i, 100));
          frames.next(100);
        }
        Identity more = new Identity(mix(bound), bound);
        assertEquals(Answer.FULL, frames.check(more, 0, 100), "seed " + seed);
        frames.next(160);
        assertEquals(Answer.FULL, frames.check(more, 0, 160), "seed " + seed);
        assertEquals(bound, index.size());
        for (int i = 0; i < bound; i++) {
          assertEquals(Answer.DUPLICATE, frames.check(new Identity(mix(i), i), i, 160));
        }
        // Past the horizon there is room for as many again, without one refusal before.
        frames.next(161);
        for (int i = 0; i < bound; i++) {
          Answer answer = frames.check(new Identity(random.nextLong(), i), i, 161);
          assertEquals(Answer.NEW, answer, "seed " + seed + ", " + i);
        }
        assertEquals(Answer.FULL, frames.check(more, 0, 161), "seed " + seed);
      }
    }
  }

  @Test
  void expiredVolumesMakeRoomInTheMiddleOfAFrame() {
    try (IdentityIndex index = new IdentityIndex(rules(1, 60, 1, 1), null)) {
      Frames frames = new Frames(index);
      assertEquals(Answer.NEW, frames.check(new Identity(1, 1), 0, 100));
      frames.next(101);
      assertEquals(Answer.FULL, frames.check(new Identity(2, 2), 0, 101));
      assertEquals(Answer.NEW, frames.check(new Identity(2, 2), 0, 161));
      assertEquals(Answer.DUPLICATE, frames.check(new Identity(2, 2), 0, 161));
      assertEquals(1, index.size());
    }
  }

  @Test
  void numbersOfForgottenVolumesAreUsedAgain() {
    try (IdentityIndex index = new IdentityIndex(rules(1_000, 3, 1, 1), null)) {
      Frames frames = new Frames(index);
      for (int i = 0; i < 4 * IdentityTable.VOLUMES_MAX; i++) {
        assertEquals(Answer.NEW, frames.check(new Identity(mix(i), i), 0, i), "at " + i);
        frames.next(i + 1);
        assertTrue(index.size() <= 5, "at " + i);
      }
      index.frameWritten(1, 1);
      assertTrue(index.bytes() < 1 << 20, "bytes " + index.bytes());
    }
  }
}
