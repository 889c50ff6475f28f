package dev.weir.gateway.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.gateway.terminal.CommandFailure;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Sends the events of a source with several senders, each with one request under way. A request that
 * was refused with "come back later" is sent again as it was; so is one that got no answer, or one
 * that leaves open what was done, after which accepted and duplicate can no longer be told apart for
 * its events.
 */
public final class EventSender<B extends EventBatch> {

  /** Told what becomes of the batches; called by several threads. */
  public interface Listener<B extends EventBatch> {

    /**
     * A batch is acknowledged. It may be read until the method returns.
     *
     * @param number its place in the order in which the source filled the batches, from 0
     */
    void answered(long number, B batch, IngestAnswer answer);

    /** The first request with a batch got no answer; it will be sent again. Once for a batch. */
    void unclear(B batch);
  }

  /**
   * How to send.
   *
   * @param connections requests under way at the same time
   * @param aheadMax how many batches may be taken from the oldest unanswered one on
   * @param gzip whether bodies are compressed
   * @param breaksMax how often a request may break before giving up
   */
  public record Options(
      String contentType, int connections, int aheadMax, boolean gzip, int breaksMax) {}

  private final WeirClient client;
  private final Options options;
  private final Supplier<B> batches;
  private final Listener<? super B> listener;
  private final SendOrder<B> order;

  public EventSender(
      WeirClient client,
      Options options,
      EventSource<? super B> source,
      Supplier<B> batches,
      Listener<? super B> listener) {
    this.client = client;
    this.options = options;
    this.batches = batches;
    this.listener = listener;
    this.order = new SendOrder<>(source, options.aheadMax());
  }

  /**
   * Makes sure that a server is there and takes events of this client, without sending any: a batch
   * of none is refused as such, by whoever may send.
   *
   * @throws CommandFailure with what is in the way
   */
  public static void requireAccess(WeirClient client) {
    try {
      HttpResponse<byte[]> response = client.sendEvents(
          "application/json", false, BodyPublishers.ofByteArray(new byte[] {'[', ']'}));
      int status = response.statusCode();
      if (status == 401 || status == 403) {
        throw new CommandFailure(
            "%s does not take events with this key (%s); it needs the scope 'ingest'."
                .formatted(client.base(), WeirClient.problem(response)));
      }
      boolean isWeir = status == 400 || Patience.asksToWait(response) || status / 100 == 5;
      if (!isWeir) {
        throw new CommandFailure("%s does not answer as Weir does: %s."
            .formatted(client.base(), WeirClient.problem(response)));
      }
    } catch (IOException e) {
      throw new CommandFailure(
          "No Weir answers at %s (%s); start it with './weir up', or name another with --url."
              .formatted(client.base(), e.getClass().getSimpleName()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted.");
    }
  }

  /**
   * Sends until the source is empty or {@link #stop} is called; blocks.
   *
   * @throws CommandFailure when a request is refused for good
   */
  public void run() {
    Callable<Void> sender = () -> {
      send();
      return null;
    };
    int senders = options.connections();
    Parallel.run("event-sender", senders, Collections.nCopies(senders, sender));
  }

  /** Lets {@link #run} return as soon as the requests under way are answered; any thread. */
  public void stop() {
    order.stop();
  }

  private void send() throws InterruptedException, IOException {
    B batch = batches.get();
    Gzip gzip = new Gzip();
    boolean finished = false;
    try {
      for (long number = order.take(batch); number != SendOrder.NONE; number = order.take(batch)) {
        IngestAnswer answer =
            batch.events() == 0 ? IngestAnswer.NOTHING : sendUntilAnswered(batch, gzip);
        listener.answered(number, batch, answer);
        order.answered(number);
      }
      finished = true;
    } finally {
      if (!finished) {
        order.stop();
      }
    }
  }

  private IngestAnswer sendUntilAnswered(B batch, Gzip gzip)
      throws InterruptedException, IOException {
    Patience patience = new Patience(options.breaksMax());
    BodyPublisher body =
        options.gzip() ? gzip.compressed(batch.body()) : batch.body().publisher();
    boolean broke = false;
    while (true) {
      String why;
      try {
        HttpResponse<byte[]> response =
            client.sendEvents(options.contentType(), options.gzip(), body);
        if (Patience.asksToWait(response) && patience.wait(response)) {
          continue;
        }
        if (!Patience.leavesOpen(response)) {
          return answer(response);
        }
        why = WeirClient.problem(response);
      } catch (IOException e) {
        why = e.toString();
      }
      if (!patience.waitAfterBreak()) {
        throw new CommandFailure("Sending events failed again and again: " + why);
      }
      if (!broke) {
        broke = true;
        listener.unclear(batch);
      }
    }
  }

  /** A batch of which every event is rejected is answered with 400 and the same body. */
  private static IngestAnswer answer(HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() == 200 || response.statusCode() == 400) {
      JsonNode answer = WeirClient.parse(response.body());
      if (answer.has("accepted")) {
        return IngestAnswer.of(answer);
      }
    }
    throw new CommandFailure(
        "POST /api/v1/events was answered with " + WeirClient.problem(response));
  }
}
