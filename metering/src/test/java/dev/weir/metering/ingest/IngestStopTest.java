package dev.weir.metering.ingest;

import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.TestMetering;
import dev.weir.metering.dedup.SegmentDisk;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.EventLog;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Journal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping lanes of which one is in trouble. */
final class IngestStopTest {

  private static final InstantSource CLOCK = InstantSource.fixed(TestMetering.NOW);
  private static final int LANES = 3;

  @TempDir
  Path directory;

  private Journal journal;
  private Ingest ingest;
  private final Set<Integer> closed = new TreeSet<>();

  /** Lane 1 waits for this before it appends. */
  private final CountDownLatch goOn = new CountDownLatch(1);

  private final CountDownLatch stuck = new CountDownLatch(1);
  private boolean failsToClose;

  @BeforeEach
  void start() throws IOException {
    journal = Journal.open(directory, LANES, CLOCK, new SecureRandom());
    IngestOptions d = IngestOptions.DEFAULT;
    IngestOptions options = new IngestOptions(
        LANES, d.queuedRequestsMax(), d.queuedBytesMax(), d.groupCommit(), 0, 1_000_000, 35);
    ingest = Ingest.of(
        new Ingest.Recovery(
            journal.lanes(),
            journal.identityKey(),
            options.identityRules(),
            SegmentDisk.FILES,
            CLOCK.millis() / 1_000),
        options,
        lane -> new Log(lane, journal.lane(lane).writer(Flusher.FORCE, 0)));
    ingest.dedup().start();
    for (int lane = 0; lane < LANES; lane++) {
      ingest.lane(lane).start();
    }
  }

  @AfterEach
  void end() throws Exception {
    goOn.countDown();
    failsToClose = false;
    for (int lane = 0; lane < LANES; lane++) {
      ingest.lane(lane).tellToStop();
      ingest.lane(lane).close();
    }
    journal.close();
  }

  private final class Log implements EventLog {
    private final int lane;
    private final EventLog log;

    Log(int lane, EventLog log) {
      this.lane = lane;
      this.log = log;
    }

    @Override
    public boolean hasRoom() {
      return log.hasRoom();
    }

    @Override
    public long append(byte[] frame, int length) throws IOException {
      if (lane == 1) {
        stuck.countDown();
        assertTrue(awaitQuietly(goOn));
      }
      return log.append(frame, length);
    }

    @Override
    public void close() throws IOException {
      if (closed.add(lane)) {
        log.close();
      }
      if (failsToClose && lane == 0) {
        throw new IOException("injected");
      }
    }
  }

  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Enough ids for every lane. */
  private Future<IngestAnswer> submit() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      lines
          .append(Decoding.event("id-" + i, "2026-03-01T00:00:00Z", "{\"n\":1}"))
          .append('\n');
    }
    EventBatch batch = new EventDecoder(EventLimits.DEFAULT)
        .decodeLines(
            lines.toString().getBytes(StandardCharsets.UTF_8),
            new EventDecoder.Sender(
                Decoding.TENANT,
                journal.identityKey().forTenant(Decoding.TENANT),
                EventRules.NONE,
                EventTime.nanos(CLOCK.instant())));
    Promise<IngestAnswer> promise = Promise.promise();
    ingest.submit(batch, promise);
    return promise.future();
  }

  @Test
  void aLaneThatDoesNotCloseLeavesNoOtherRunning() {
    failsToClose = true;
    goOn.countDown();
    Future<IngestAnswer> answer = submit();
    IOException failure = assertThrows(IOException.class, ingest::stop);
    assertEquals("injected", failure.getMessage());
    assertFalse(ingest.isRunning());
    assertEquals(Set.of(0, 1, 2), closed);
    assertEquals(50, await(answer).count(Verdict.ACCEPTED));
  }

  @Test
  void anInterruptedStopFreesNothingUnderALaneThatRuns() {
    Future<IngestAnswer> answer = submit();
    assertTrue(awaitQuietly(stuck));
    Thread stopper = Thread.currentThread();
    Thread interrupter = new Thread(() -> {
      while (stopper.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      stopper.interrupt();
    });
    // Lane 0 has nothing to wait for, so that the wait met here is the one for lane 1.
    ingest.lane(0).tellToStop();
    awaitEnd(0);
    interrupter.start();
    assertThrows(InterruptedException.class, ingest::stop);
    assertTrue(ingest.isRunning());
    assertEquals(Set.of(0, 2), closed);

    goOn.countDown();
    assertEquals(50, await(answer).count(Verdict.ACCEPTED));
    assertEquals(50, ingest.identities());
  }

  private void awaitEnd(int lane) {
    TestMetering.awaitUntil("lane " + lane + " ends", () -> !ingest.lane(lane).isRunning());
  }
}
