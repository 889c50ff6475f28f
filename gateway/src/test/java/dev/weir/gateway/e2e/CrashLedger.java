package dev.weir.gateway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What the senders of a crash test know: which events were acknowledged, and which requests ended
 * without an answer, so that their events may or may not have been taken. Thread-safe.
 */
final class CrashLedger {

  /** What the answer about an event must be. */
  enum Expected {
    ACCEPTED,
    DUPLICATE,
    EITHER
  }

  /** One request: its events in order, and what each must be answered with. */
  static final class Batch {
    private final int[] numbers;
    private final Expected[] expected;

    Batch(int[] numbers, Expected[] expected) {
      this.numbers = numbers;
      this.expected = expected;
    }

    int[] numbers() {
      return numbers;
    }

    Expected[] expected() {
      return expected;
    }
  }

  private static final int NEW_EVENTS_MAX = 200;
  private static final int RESENT_EVENTS_MAX = 20;

  private final String seed;
  private final BitSet acknowledged = new BitSet();
  private final List<int[]> acknowledgedBatches = new ArrayList<>();
  private final Deque<int[]> unclearSoon = new ArrayDeque<>();
  private final List<int[]> unclearToTheEnd = new ArrayList<>();
  private int next;

  CrashLedger(String seed) {
    this.seed = seed;
  }

  /** New events; sometimes among them acknowledged ones, one of them twice, or unclear ones. */
  synchronized Batch next(RandomGenerator random) {
    List<Integer> numbers = new ArrayList<>();
    List<Expected> expected = new ArrayList<>();
    int[] unclear = random.nextInt(4) == 0 ? unclearSoon.poll() : null;
    if (unclear != null) {
      for (int number : unclear) {
        numbers.add(number);
        expected.add(acknowledged.get(number) ? Expected.DUPLICATE : Expected.EITHER);
      }
    }
    int news = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(NEW_EVENTS_MAX);
    for (int i = 0; i < news; i++) {
      numbers.add(next++);
      expected.add(Expected.ACCEPTED);
    }
    if (random.nextInt(4) == 0) {
      numbers.add(next - 1);
      expected.add(Expected.DUPLICATE);
    }
    if (random.nextInt(3) == 0 && !acknowledgedBatches.isEmpty()) {
      int[] known = acknowledgedBatches.get(random.nextInt(acknowledgedBatches.size()));
      for (int i = 0; i < Math.min(known.length, RESENT_EVENTS_MAX); i++) {
        int at = random.nextInt(numbers.size() + 1);
        numbers.add(at, known[i]);
        expected.add(at, Expected.DUPLICATE);
      }
    }
    return new Batch(
        numbers.stream().mapToInt(Integer::intValue).toArray(), expected.toArray(Expected[]::new));
  }

  /** The whole request was answered; fails when a verdict is not what it must be. */
  synchronized void acknowledge(Batch batch, JsonNode answer) {
    String[] verdicts = new String[batch.numbers().length];
    Arrays.fill(verdicts, "accepted");
    answer
        .path("verdicts")
        .forEach(verdict ->
            verdicts[verdict.path("index").asInt()] = verdict.path("verdict").asText());
    for (int i = 0; i < verdicts.length; i++) {
      boolean right = switch (batch.expected()[i]) {
        case ACCEPTED -> verdicts[i].equals("accepted");
        case DUPLICATE -> verdicts[i].equals("duplicate");
        case EITHER -> verdicts[i].equals("accepted") || verdicts[i].equals("duplicate");
      };
      if (!right) {
        throw new AssertionError("%s: event %d must be %s but is %s"
            .formatted(seed, batch.numbers()[i], batch.expected()[i], verdicts[i]));
      }
      acknowledged.set(batch.numbers()[i]);
    }
    acknowledgedBatches.add(batch.numbers());
  }

  /** Nobody knows what became of the request; some are sent again soon, some only at the end. */
  synchronized void unclear(Batch batch, RandomGenerator random) {
    if (random.nextBoolean()) {
      unclearSoon.add(batch.numbers());
    } else {
      unclearToTheEnd.add(batch.numbers());
    }
  }

  /** Every event that was ever acknowledged. */
  synchronized BitSet acknowledged() {
    return (BitSet) acknowledged.clone();
  }

  /** Every event that was ever sent. */
  synchronized BitSet sent() {
    return NumberedEvents.below(next);
  }
}
