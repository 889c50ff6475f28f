package dev.weir.metering.ingest;

import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.dedup.IdentityRules;
import dev.weir.metering.dedup.SealerSteps;
import dev.weir.metering.dedup.SegmentDisk;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.ReadableLane;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/** The ingest of production without its threads: each does a turn when it is told to. */
public final class SimulatedIngest implements AutoCloseable {

  private final IngestOptions options;
  private final Ingest ingest;

  /** What a start finds. */
  public record Setup(
      Collection<? extends ReadableLane> lanes,
      IdentityKey key,
      IdentityRules rules,
      long nowSeconds) {}

  /** Loads what is sealed of the identities and reads the rest in the journal. */
  public SimulatedIngest(Setup setup, IngestOptions options, IntFunction<EventLog> logs)
      throws IOException {
    this.options = options;
    this.ingest = Ingest.of(
        new Ingest.Recovery(
            setup.lanes(), setup.key(), setup.rules(), SegmentDisk.FILES, setup.nowSeconds()),
        options,
        logs);
  }

  /** Takes a request; the answer comes when lanes have had their turns, or at once. */
  public void submit(EventBatch batch, BiConsumer<IngestAnswer, Throwable> answer) {
    Promise<IngestAnswer> promise = Promise.promise();
    promise
        .future()
        .onComplete(done -> answer.accept(done.succeeded() ? done.result() : null, done.cause()));
    ingest.submit(batch, promise);
  }

  public int lanes() {
    return options.lanes();
  }

  /** Lets a lane process what has gathered; gives whether it still works. */
  public boolean turn(int lane) {
    try {
      return ingest.lane(lane).turn(0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets the sealing thread do one piece of work; gives whether there was any. */
  public boolean seal() throws IOException {
    return SealerSteps.step(ingest.dedup());
  }

  public boolean isStopped() {
    return ingest.failure().isPresent();
  }

  public Throwable failure() {
    return ingest.failure().orElseThrow();
  }

  public int queuedRequests() {
    return ingest.queuedRequests();
  }

  public JournalPosition flushed() {
    return ingest.flushed();
  }

  public long flushed(int lane) {
    return ingest.flushed(lane);
  }

  /** Identities held by all lanes. */
  public long identities() {
    return ingest.identities();
  }

  /** Files of sealed identities. */
  public int segments() {
    return ingest.dedup().segments();
  }

  /** What the index says of an identity, which must be in it. */
  public IdentityIndex.Answer look(long high, long low, long payloadHash, long nowSeconds) {
    return ingest
        .dedup()
        .index(LaneSteps.laneOf(high, options.lanes()))
        .check(high, low, payloadHash, nowSeconds);
  }

  /** Gives the memory back; nothing may have a turn after that. */
  @Override
  public void close() {
    try {
      ingest.dedup().close();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
