package dev.weir.gateway.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.Parallel;
import dev.weir.gateway.client.Patience;
import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.SendOrder;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.check.Differences;
import dev.weir.gateway.demo.workload.Workload;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Sends a workload's events with several senders, each with one request under way. A refused request
 * is sent again as it was; so is one whose connection broke, after which accepted and duplicate can
 * no longer be told apart for its events.
 */
final class Ingest {

  /**
   * What came back.
   *
   * @param positions the last journal position each sender was given
   * @param unclear events whose first request broke before the answer
   */
  record Result(
      Verdicts verdicts, long requests, long elapsedMillis, Set<String> positions, long unclear) {

    Result {
      positions = Set.copyOf(positions);
    }
  }

  private final WeirClient client;
  private final Workload workload;
  private final SendOrder order;
  private final InstantSource clock;
  private final ProgressBar progress;
  private final Differences differences;

  private Verdicts verdicts = Verdicts.NONE;
  private long requests;
  private long unclear;
  private final Set<String> positions = new TreeSet<>();

  Ingest(
      WeirClient client,
      Workload workload,
      InstantSource clock,
      ProgressBar progress,
      Differences differences) {
    this.client = client;
    this.workload = workload;
    this.order = new SendOrder(workload);
    this.clock = clock;
    this.progress = progress;
    this.differences = differences;
  }

  /** Sends everything; throws {@link CommandFailure} when a request is refused for good. */
  Result run(int senders) {
    long start = clock.millis();
    Callable<Void> sender = () -> {
      send();
      return null;
    };
    Parallel.run("demo-sender", senders, Collections.nCopies(senders, sender));
    synchronized (this) {
      progress.finish(verdicts);
      return new Result(verdicts, requests, clock.millis() - start, positions, unclear);
    }
  }

  private void send() throws InterruptedException {
    EventBatch batch = new EventBatch();
    String position = "";
    boolean finished = false;
    try {
      for (long number = order.take(batch); number != SendOrder.NONE; number = order.take(batch)) {
        JsonNode answer = sendUntilAnswered(batch);
        order.answered(number);
        position = answer.path("position").asText(position);
        count(batch, answer);
      }
      finished = true;
    } finally {
      if (!finished) {
        order.stop();
      }
    }
    if (!position.isEmpty()) {
      addPosition(position);
    }
  }

  private JsonNode sendUntilAnswered(EventBatch batch) throws InterruptedException {
    Patience patience = new Patience();
    boolean broke = false;
    while (true) {
      try {
        HttpResponse<byte[]> response = client.sendEvents(
            workload.format().contentType(),
            BodyPublishers.ofByteArray(batch.body().array(), 0, batch.body().length()));
        if (Patience.asksToWait(response) && patience.wait(response)) {
          continue;
        }
        return verdictsOf(response);
      } catch (IOException e) {
        if (!patience.waitAfterBreak()) {
          throw new CommandFailure("Sending events failed again and again: " + e);
        }
        if (!broke) {
          broke = true;
          countUnclear(batch.events());
        }
      }
    }
  }

  /** A batch of which every event is rejected is answered with 400 and the same body. */
  private static JsonNode verdictsOf(HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() == 200 || response.statusCode() == 400) {
      JsonNode answer = WeirClient.parse(response.body());
      if (answer.has("accepted")) {
        return answer;
      }
    }
    throw new CommandFailure(
        "POST /api/v1/events was answered with " + WeirClient.problem(response));
  }

  private synchronized void addPosition(String position) {
    positions.add(position);
  }

  private synchronized void countUnclear(int events) {
    unclear += events;
  }

  private synchronized void count(EventBatch batch, JsonNode answer) {
    Verdicts these = new Verdicts(
        answer.path("accepted").asLong(),
        answer.path("duplicates").asLong(),
        answer.path("conflicts").asLong(),
        answer.path("rejected").asLong());
    if (these.total() != batch.events()) {
      differences.add("a request of %d events was answered with %d verdicts"
          .formatted(batch.events(), these.total()));
    }
    verdicts = verdicts.plus(these);
    requests++;
    progress.show(verdicts);
  }

  /** Compares counts; accepted and duplicate together when some answers were lost. */
  static void compare(Verdicts expected, Result result, Differences differences) {
    Verdicts actual = result.verdicts();
    record Count(String name, long expected, long actual) {}
    List<Count> firsts = result.unclear() == 0
        ? List.of(
            new Count("accepted", expected.accepted(), actual.accepted()),
            new Count("duplicates", expected.duplicates(), actual.duplicates()))
        : List.of(new Count(
            "accepted and duplicates",
            expected.accepted() + expected.duplicates(),
            actual.accepted() + actual.duplicates()));
    List<Count> others = List.of(
        new Count("conflicts", expected.conflicts(), actual.conflicts()),
        new Count("rejected", expected.rejected(), actual.rejected()));
    Stream.concat(firsts.stream(), others.stream())
        .filter(count -> count.expected() != count.actual())
        .forEach(count -> differences.add("verdicts, %s: expected %d, got %d"
            .formatted(count.name(), count.expected(), count.actual())));
  }
}
