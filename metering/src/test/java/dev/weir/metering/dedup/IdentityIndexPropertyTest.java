package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.dedup.IdentityIndex.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentityIndexPropertyTest {

  private record Identity(long high, long low) {}

  private record Seen(long payload, long seconds) {}

  /** What the index must answer, by a plain map. */
  private static Answer model(
      Map<Identity, Seen> map, Identity identity, long payload, long now, long horizon) {
    Seen seen = map.get(identity);
    if (seen != null && now - seen.seconds() <= horizon) {
      return seen.payload() == payload ? Answer.DUPLICATE : Answer.CONFLICT;
    }
    map.put(identity, new Seen(payload, now));
    return Answer.NEW;
  }

  private static Identity identity(Random random, int variety, boolean clustered) {
    long n = random.nextLong(variety);
    // Clustered: neighbours in one part, so that probing runs into others.
    return clustered ? new Identity(0, n / 3) : new Identity(mix(n), mix(n + 1_000_000));
  }

  private static long mix(long n) {
    return new Random(n * 31).nextLong();
  }

  @Test
  void itAnswersAsAMapDoesWhileItGrowsAndForgets() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      long horizon = random.nextLong(1, 51);
      int variety = 500 + random.nextInt(30_000);
      boolean clustered = seed % 3 == 0;
      Map<Identity, Seen> map = new HashMap<>();
      try (IdentityIndex index = new IdentityIndex(Long.MAX_VALUE, horizon)) {
        long now = 1_000;
        for (int i = 0; i < 60_000; i++) {
          if (random.nextInt(200) == 0) {
            now += random.nextInt(5);
          }
          Identity identity = identity(random, variety, clustered);
          long payload = random.nextInt(3);
          Answer expected = model(map, identity, payload, now, horizon);
          assertEquals(
              expected,
              index.check(identity.high(), identity.low(), payload, now),
              "seed " + seed + ", step " + i);
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
      assertTrue(index.bytes() <= 300_000L * 100, "bytes " + index.bytes());
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
  void anIdentityIsRememberedToTheHorizonsLastSecond() {
    try (IdentityIndex index = new IdentityIndex(100, 35)) {
      assertEquals(Answer.NEW, index.check(1, 1, 7, 1_000));
      assertEquals(Answer.DUPLICATE, index.check(1, 1, 7, 1_035));
      assertEquals(Answer.NEW, index.check(1, 1, 8, 1_036));
      assertEquals(Answer.DUPLICATE, index.check(1, 1, 8, 1_071));
      assertEquals(1, index.size());
    }
  }

  @Test
  void aClockThatStepsBackForgetsNothing() {
    try (IdentityIndex index = new IdentityIndex(100, 35)) {
      assertEquals(Answer.NEW, index.check(1, 1, 7, 1_000));
      assertEquals(Answer.DUPLICATE, index.check(1, 1, 7, 900));
      assertEquals(Answer.CONFLICT, index.check(1, 1, 8, 0));
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
      try (IdentityIndex index = new IdentityIndex(bound, 60)) {
        for (int i = 0; i < bound; i++) {
          assertEquals(Answer.NEW, index.check(mix(i), i, i, 100));
        }
        assertEquals(Answer.FULL, index.check(mix(bound), bound, 0, 100), "seed " + seed);
        assertEquals(Answer.FULL, index.check(mix(bound), bound, 0, 160), "seed " + seed);
        assertEquals(bound, index.size());
        for (int i = 0; i < bound; i++) {
          assertEquals(Answer.DUPLICATE, index.check(mix(i), i, i, 160));
        }
        // Past the horizon there is room for as many again. Each part forgets by itself when it is
        // asked, once a second, so that some are refused before all parts have been.
        int accepted = 0;
        for (int i = 0; i < 40 * bound; i++) {
          Answer answer =
              index.check(random.nextLong(), random.nextLong(), i, 161 + i / (10 * bound));
          accepted += answer == Answer.NEW ? 1 : 0;
          assertTrue(index.size() <= bound);
        }
        assertEquals(bound, accepted, "seed " + seed);
      }
    }
  }
}
