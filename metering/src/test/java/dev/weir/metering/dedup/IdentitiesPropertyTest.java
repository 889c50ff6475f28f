package dev.weir.metering.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.dedup.IdentityIndex.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Identities against a map, while the clock goes any way, volumes are sealed or not, processes end and
 * start with other numbers of lanes, files are lost and damaged, and the key changes.
 */
class IdentitiesPropertyTest {

  @TempDir
  Path directory;

  /** What was accepted under an identity: the payloads, and when the last was received. */
  private static final class Accepted {
    private final List<Long> payloads = new ArrayList<>();
    private long seconds;
  }

  private final class Run {
    private final Random random;
    private final String seed;
    private final long horizon;
    private final Installation installation;
    private final Map<Long, Accepted> model = new HashMap<>();
    private long now = 10_000;

    /** The latest time that was ever seen: what had expired then may be forgotten. */
    private long latest = now;

    Run(long seed) {
      this.seed = "seed " + seed;
      random = new Random(seed);
      horizon = random.nextLong(20, 220);
      boolean unlimited = random.nextInt(5) == 0;
      IdentityRules rules = new IdentityRules(
          Long.MAX_VALUE,
          unlimited ? IdentityRules.UNLIMITED_SECONDS : horizon,
          1 + random.nextInt(400),
          1 + random.nextInt(60),
          1 + random.nextInt(4));
      installation = new Installation(directory.resolve("seed-" + seed), rules);
      mayForget = !unlimited;
    }

    private final boolean mayForget;

    void run() throws IOException {
      installation.start(1 + random.nextInt(4), now);
      for (int step = 0; step < 400; step++) {
        tick();
        switch (random.nextInt(40)) {
          case 0 -> restart();
          case 1, 2, 3 -> installation.settle();
          case 4, 5, 6 -> installation.settleOne();
          default -> request(step);
        }
      }
      installation.stop();
    }

    private void tick() {
      int kind = random.nextInt(60);
      now += kind == 0 ? -random.nextInt(50) : kind < 20 ? random.nextInt(4) : 0;
      now = kind == 1 ? now + random.nextInt(100) : now;
      latest = Math.max(latest, now);
    }

    private void restart() throws IOException {
      installation.stop();
      for (Path file : installation.segments()) {
        switch (random.nextInt(12)) {
          case 0 -> Files.delete(file);
          case 1 -> damage(file);
          case 2 -> Files.write(file, new byte[random.nextInt(60)]);
          case 3 -> Files.copy(file, file.resolveSibling(file.getFileName() + ".new"));
          default -> assertTrue(Files.size(file) > 0);
        }
      }
      Path expired = installation.directory(0).resolve(ExpiredStretches.FILE);
      if (Files.exists(expired) && random.nextInt(4) == 0) {
        damage(expired);
      }
      if (random.nextInt(8) == 0) {
        installation.changeKey();
      }
      installation.start(1 + random.nextInt(4), now);
    }

    private void damage(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
    }

    private void request(int step) {
      List<Installation.Event> events = new ArrayList<>();
      for (int i = random.nextInt(60); i >= 0; i--) {
        events.add(new Installation.Event(random.nextLong(3_000), random.nextInt(3)));
      }
      List<Answer> answers = installation.take(events, now);
      for (int i = 0; i < events.size(); i++) {
        judge(events.get(i), answers.get(i), seed + ", step " + step);
      }
    }

    private void judge(Installation.Event event, Answer answer, String place) {
      Accepted known = model.computeIfAbsent(event.number(), number -> new Accepted());
      boolean never = known.payloads.isEmpty();
      boolean must = !never && (!mayForget || latest - known.seconds <= horizon);
      switch (answer) {
        case NEW -> {
          assertTrue(!must, place);
          known.payloads.add(event.payload());
          known.seconds = now;
        }
        case DUPLICATE -> assertTrue(known.payloads.contains(event.payload()), place);
        case CONFLICT -> {
          assertTrue(!never, place);
          assertNotEquals(last(known), event.payload(), place);
        }
        default -> {
          assertEquals(Answer.UNSEALED, answer, place);
          assertTrue(!must && installation.identities().unsealed() > 0, place);
        }
      }
    }

    private static long last(Accepted accepted) {
      return accepted.payloads.get(accepted.payloads.size() - 1);
    }
  }

  @Test
  void noIdentityIsForgottenWithinTheHorizonAndNoneIsMadeUp() throws IOException {
    for (long seed = 0; seed < 30; seed++) {
      new Run(seed).run();
    }
  }
}
