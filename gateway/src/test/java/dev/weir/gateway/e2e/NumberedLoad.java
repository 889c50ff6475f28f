package dev.weir.gateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends new {@link NumberedEvents} from some threads without a pause, until the server takes no more, and
 * remembers which were acknowledged. Then what it knows can be held against the server that comes after.
 */
final class NumberedLoad implements AutoCloseable {

  private static final int RESEND_EVENTS = 2_000;

  private final NumberedEvents events;
  private final int eventsARequest;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> senders = new ArrayList<>();
  private final BitSet acknowledged = new BitSet();
  private int next;
  private volatile boolean over;

  NumberedLoad(NumberedEvents events, int eventsARequest) {
    this.events = events;
    this.eventsARequest = eventsARequest;
  }

  /** Begins to send from so many threads. */
  void begin(Http http, int count) {
    over = false;
    for (int i = 0; i < count; i++) {
      senders.add(threads.submit(() -> send(http)));
    }
  }

  private void send(Http http) {
    boolean taken = true;
    while (taken && !over) {
      taken = sendOne(http);
    }
  }

  /** Sends one request; gives whether it was acknowledged. */
  boolean sendOne(Http http) {
    int[] numbers = take();
    try {
      Answer answer = http.with("Content-Type", "application/json")
          .exchange("POST", "/api/v1/events", BodyPublishers.ofString(events.array(numbers)));
      if (answer.status() == 200) {
        assertEquals(numbers.length, answer.json().path("accepted").asInt(), answer::toString);
        acknowledge(numbers);
        return true;
      }
      assertEquals(503, answer.status(), answer::toString);
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private synchronized int[] take() {
    int from = next;
    next += eventsARequest;
    return NumberedEvents.range(from, next);
  }

  private synchronized void acknowledge(int[] numbers) {
    for (int number : numbers) {
      acknowledged.set(number);
    }
  }

  synchronized int acknowledged() {
    return acknowledged.cardinality();
  }

  /** Sends no more, and waits for the answers that are out. */
  void end() {
    over = true;
    for (Future<?> sender : senders) {
      try {
        sender.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a sender failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    senders.clear();
  }

  /**
   * Sends everything once more: what was acknowledged must be known. Then all of it must be counted, each
   * event once.
   */
  void check(Http http, String message) {
    String position = "";
    int known = 0;
    for (int from = 0; from < next; from += RESEND_EVENTS) {
      int[] some = NumberedEvents.range(from, Math.min(next, from + RESEND_EVENTS));
      JsonNode answer = http.events(events.array(some)).require(200).json();
      assertEquals(
          some.length,
          answer.path("duplicates").asInt() + answer.path("accepted").asInt(),
          () -> message + ": " + answer);
      assertKnown(some, answer, message);
      known += answer.path("duplicates").asInt();
      position = answer.path("position").asText();
    }
    System.out.printf(
        "%s: %d events sent, %d acknowledged, %d kept%n", message, next, acknowledged(), known);
    if (!position.isEmpty()) {
      new NumberedUsage(events, message).checkUsage(http, position, NumberedEvents.below(next));
    }
  }

  private synchronized void assertKnown(int[] numbers, JsonNode answer, String message) {
    BitSet known = new BitSet();
    answer.path("verdicts").forEach(verdict -> {
      if (verdict.path("verdict").asText().equals("duplicate")) {
        known.set(numbers[verdict.path("index").asInt()]);
      }
    });
    BitSet lost = new BitSet();
    for (int number : numbers) {
      lost.set(number, acknowledged.get(number) && !known.get(number));
    }
    assertEquals(new BitSet(), lost, message + ": acknowledged and lost");
  }

  @Override
  public void close() {
    over = true;
    threads.shutdownNow();
  }
}
