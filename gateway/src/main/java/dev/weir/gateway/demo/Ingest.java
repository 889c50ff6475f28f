package dev.weir.gateway.demo;

import dev.weir.gateway.client.EventBatch;
import dev.weir.gateway.client.EventSender;
import dev.weir.gateway.client.IngestAnswer;
import dev.weir.gateway.client.ProgressBar;
import dev.weir.gateway.client.Verdicts;
import dev.weir.gateway.client.WeirClient;
import dev.weir.gateway.demo.check.Differences;
import dev.weir.gateway.demo.workload.Workload;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Sends a workload's events and adds up what comes back. */
final class Ingest implements EventSender.Listener<EventBatch> {

  /** A server that is started in this very process does not go away for long. */
  private static final int BREAKS_MAX = 20;

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
  private final InstantSource clock;
  private final ProgressBar progress;
  private final Differences differences;

  private Verdicts verdicts = Verdicts.NONE;
  private long requests;
  private long unclear;
  private final Map<Thread, String> positions = new HashMap<>();

  Ingest(
      WeirClient client,
      Workload workload,
      InstantSource clock,
      ProgressBar progress,
      Differences differences) {
    this.client = client;
    this.workload = workload;
    this.clock = clock;
    this.progress = progress;
    this.differences = differences;
  }

  /** Sends everything; throws CommandFailure when a request is refused for good. */
  Result run(int senders) {
    long start = clock.millis();
    EventSender.Options options = new EventSender.Options(
        workload.format().contentType(), senders, Integer.MAX_VALUE, false, BREAKS_MAX);
    new EventSender<>(client, options, workload, EventBatch::new, this).run();
    synchronized (this) {
      progress.finish(state());
      return new Result(
          verdicts, requests, clock.millis() - start, Set.copyOf(positions.values()), unclear);
    }
  }

  @Override
  public synchronized void answered(long number, EventBatch batch, IngestAnswer answer) {
    if (answer.verdicts().total() != batch.events()) {
      differences.add("a request of %d events was answered with %d verdicts"
          .formatted(batch.events(), answer.verdicts().total()));
    }
    verdicts = verdicts.plus(answer.verdicts());
    requests++;
    if (!answer.position().isEmpty()) {
      positions.put(Thread.currentThread(), answer.position());
    }
    progress.show(state());
  }

  @Override
  public synchronized void unclear(EventBatch batch) {
    unclear += batch.events();
  }

  private ProgressBar.State state() {
    return new ProgressBar.State(verdicts.total(), verdicts);
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
