package dev.weir.metering.ingest;

import static dev.weir.metering.TestMetering.awaitLatch;
import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lanes answer when disks fail, fill up or are slow, and when everybody sends the same. */
class IngestLaneFaultTest {

  private static final InstantSource CLOCK = InstantSource.fixed(TestMetering.NOW);

  @TempDir
  Path directory;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** A journal and the lanes on it. */
  private final class Running implements AutoCloseable {
    private final Journal journal;
    private final Ingest ingest;

    Running(Path home, IngestOptions options, Flusher flusher) throws IOException {
      journal = Journal.open(home, options.lanes(), CLOCK, new SecureRandom());
      ingest = Ingest.start(journal, options, CLOCK, flusher);
    }

    Future<IngestAnswer> submit(String... ids) {
      EventBatch batch = new EventDecoder(EventLimits.DEFAULT)
          .decodeLines(
              lines(ids),
              new EventDecoder.Sender(
                  Decoding.TENANT,
                  journal.identityKey().forTenant(Decoding.TENANT),
                  EventRules.NONE,
                  EventTime.nanos(CLOCK.instant())));
      return ingest.submit((ContextInternal) vertx.getOrCreateContext(), batch);
    }

    /** How often each id stands in the journal. */
    Map<String, Integer> journaled() {
      Map<String, Integer> counts = new HashMap<>();
      for (JournalLane lane : journal.lanes()) {
        try (JournalReader reader = lane.reader()) {
          for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            frame.forEach(r -> counts.merge(r.id(), 1, Integer::sum));
          }
        }
      }
      return counts;
    }

    @Override
    public void close() throws IOException, InterruptedException {
      ingest.stop();
      journal.close();
    }
  }

  private static byte[] lines(String... ids) {
    StringBuilder lines = new StringBuilder();
    for (String id : ids) {
      lines.append(Decoding.event(id, "2026-03-01T00:00:00Z", "{\"n\":1}")).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static IngestOptions options(int lanes, int requestsMax, long reserveBytes) {
    IngestOptions d = IngestOptions.DEFAULT;
    return new IngestOptions(
        lanes, requestsMax, d.queuedBytesMax(), d.groupCommit(), reserveBytes, 1_000_000, 35);
  }

  private static MeteringError refusal(Future<IngestAnswer> answer) {
    return (MeteringError) assertThrows(Refusal.class, () -> await(answer)).code();
  }

  @Test
  void afterAFlushThatFailedNothingIsAcknowledgedAndARestartKnowsWhatWas() throws Exception {
    for (int failing = 1; failing <= 6; failing++) {
      Path home = directory.resolve("n" + failing);
      int failingCall = failing;
      // Before the first frame the head of its file is flushed.
      int sound = Math.max(0, failing - 2);
      AtomicInteger calls = new AtomicInteger();
      Set<String> acknowledged = new HashSet<>();
      Flusher flusher = channel -> {
        // Only this call fails: a lane that tried again would seem to succeed.
        if (calls.incrementAndGet() == failingCall) {
          throw new IOException("injected");
        }
        channel.force(false);
      };
      try (Running running = new Running(home, options(1, 100, 0), flusher)) {
        for (int i = 1; i <= 10; i++) {
          Future<IngestAnswer> answer = running.submit(i + "a", i + "b", i + "c");
          if (i <= sound) {
            assertEquals(3, await(answer).count(Verdict.ACCEPTED));
            acknowledged.addAll(List.of(i + "a", i + "b", i + "c"));
            assertTrue(running.ingest.failure().isEmpty());
          } else {
            assertEquals(MeteringError.INGEST_STOPPED, refusal(answer), "request " + i);
            assertEquals("injected", running.ingest.failure().orElseThrow().getMessage());
          }
        }
        assertEquals(failing, calls.get(), "a failed flush is never repeated");
        assertEquals(3L * sound, running.ingest.flushed(0));
        assertEquals(0, running.ingest.queuedRequests());
      }
      assertRestartKnows(home, acknowledged);
    }
  }

  private void assertRestartKnows(Path home, Set<String> acknowledged) throws Exception {
    try (Running running = new Running(home, options(1, 100, 0), Flusher.FORCE)) {
      for (String id : acknowledged) {
        assertEquals(Verdict.DUPLICATE, await(running.submit(id)).batch().verdict(0), id);
      }
      for (int i = 1; i <= 10; i++) {
        await(running.submit(i + "a", i + "b", i + "c"));
      }
      Map<String, Integer> journaled = running.journaled();
      assertEquals(30, journaled.size());
      assertEquals(Set.of(1), new HashSet<>(journaled.values()));
    }
  }

  @Test
  void anErrorUnderTheMappedFileStopsTheLaneAsWell() throws Exception {
    Flusher flusher = channel -> {
      throw new InternalError("a fault occurred in an unsafe memory access operation");
    };
    try (Running running = new Running(directory.resolve("error"), options(1, 100, 0), flusher)) {
      assertEquals(MeteringError.INGEST_STOPPED, refusal(running.submit("1")));
      assertEquals(MeteringError.INGEST_STOPPED, refusal(running.submit("2")));
      assertTrue(running.ingest.failure().orElseThrow() instanceof InternalError);
    }
  }

  @Test
  void whatWaitsBehindAFailingFlushIsRefusedToo() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    Flusher flusher = channel -> {
      entered.countDown();
      awaitLatch(fail);
      throw new IOException("injected");
    };
    try (Running running = new Running(directory.resolve("behind"), options(1, 100, 0), flusher)) {
      List<Future<IngestAnswer>> answers = new ArrayList<>();
      answers.add(running.submit("first"));
      awaitLatch(entered);
      for (int i = 0; i < 20; i++) {
        answers.add(running.submit("waiting-" + i));
      }
      fail.countDown();
      for (Future<IngestAnswer> answer : answers) {
        assertEquals(MeteringError.INGEST_STOPPED, refusal(answer));
      }
      assertEquals(0, running.ingest.queuedRequests());
    }
  }

  @Test
  void overloadIsRefusedBeforeAnythingIsJournaled() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Flusher flusher = channel -> {
      entered.countDown();
      awaitLatch(goOn);
      channel.force(false);
    };
    Path home = directory.resolve("overload");
    try (Running running = new Running(home, options(1, 3, 0), flusher)) {
      Future<IngestAnswer> first = running.submit("1");
      awaitLatch(entered);
      Future<IngestAnswer> second = running.submit("2");
      Future<IngestAnswer> third = running.submit("3");
      for (int i = 0; i < 5; i++) {
        assertEquals(MeteringError.INGEST_OVERLOADED, refusal(running.submit("refused-" + i)));
      }
      assertFalse(first.isComplete());
      assertEquals(3, running.ingest.queuedRequests());
      goOn.countDown();
      for (Future<IngestAnswer> taken : List.of(first, second, third)) {
        assertEquals(1, await(taken).count(Verdict.ACCEPTED));
      }
      assertEquals(Map.of("1", 1, "2", 1, "3", 1), running.journaled());
      assertEquals(Verdict.ACCEPTED, await(running.submit("refused-0")).batch().verdict(0));
    }
  }

  @Test
  void aRequestLargerThanTheBoundOfBytesIsTakenAloneAndNotBesideOthers() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    IngestOptions options =
        new IngestOptions(1, 100, 1_000, GroupCommit.unspaced(1_000), 0, 1_000_000, 35);
    String[] many = IntStream.range(0, 100).mapToObj(i -> "many-" + i).toArray(String[]::new);
    Flusher flusher = channel -> {
      entered.countDown();
      awaitLatch(goOn);
      channel.force(false);
    };
    try (Running running = new Running(directory.resolve("bytes"), options, flusher)) {
      Future<IngestAnswer> alone = running.submit(many);
      awaitLatch(entered);
      assertEquals(MeteringError.INGEST_OVERLOADED, refusal(running.submit("one")));
      goOn.countDown();
      assertEquals(100, await(alone).count(Verdict.ACCEPTED));
      awaitUntil("room again", () -> running.ingest.queuedRequests() == 0);
      assertEquals(1, await(running.submit("one")).count(Verdict.ACCEPTED));
    }
  }

  @Test
  void belowTheDiskReserveNothingIsTakenAndNothingRemembered() throws Exception {
    Path home = directory.resolve("reserve");
    try (Running running = new Running(home, options(1, 100, Long.MAX_VALUE), Flusher.FORCE)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(MeteringError.INGEST_DISK_RESERVE, refusal(running.submit("1", "2")));
      }
      assertTrue(running.ingest.failure().isEmpty());
      assertEquals(0, running.ingest.identities());
      assertEquals(0, running.ingest.queuedRequests());
      assertEquals(Map.of(), running.journaled());
    }
    try (Running running = new Running(home, options(1, 100, 0), Flusher.FORCE)) {
      assertEquals(2, await(running.submit("1", "2")).count(Verdict.ACCEPTED));
    }
  }

  @Test
  void aFullIdentityIndexRefusesNewEventsAndKnowsTheOld() throws Exception {
    IngestOptions options = new IngestOptions(1, 100, 1 << 20, GroupCommit.DEFAULT, 0, 3, 35);
    try (Running running = new Running(directory.resolve("full"), options, Flusher.FORCE)) {
      assertEquals(3, await(running.submit("1", "2", "3")).count(Verdict.ACCEPTED));
      Refusal refusal = assertThrows(Refusal.class, () -> await(running.submit("2", "4")));
      assertEquals(MeteringError.INGEST_DEDUP_FULL, refusal.code());
      assertEquals(1, await(running.submit("2")).count(Verdict.DUPLICATE));
      assertEquals(Set.of("1", "2", "3"), running.journaled().keySet());
    }
  }

  @Test
  void aRequestThatFitsOnlyInPartIsRefusedAsAWhole() throws Exception {
    IngestOptions options = new IngestOptions(1, 100, 1 << 20, GroupCommit.DEFAULT, 0, 3, 35);
    try (Running running = new Running(directory.resolve("part"), options, Flusher.FORCE)) {
      assertEquals(2, await(running.submit("1", "2")).count(Verdict.ACCEPTED));
      assertEquals(MeteringError.INGEST_DEDUP_FULL, refusal(running.submit("3", "4")));
      assertEquals(Set.of("1", "2"), running.journaled().keySet());
      assertEquals(1, await(running.submit("3")).count(Verdict.ACCEPTED));
    }
  }

  @Test
  void eachLaneNeedsRoomOnlyForItsOwnEvents() throws Exception {
    IngestOptions options = new IngestOptions(4, 100, 1 << 20, GroupCommit.DEFAULT, 0, 400, 35);
    String[] ids = IntStream.range(0, 200).mapToObj(i -> "id-" + i).toArray(String[]::new);
    try (Running running = new Running(directory.resolve("lanes"), options, Flusher.FORCE)) {
      assertEquals(200, await(running.submit(ids)).count(Verdict.ACCEPTED));
    }
  }

  @Test
  void whenEverybodySendsTheSameEachEventIsAcceptedOnce() throws Exception {
    Path home = directory.resolve("storm");
    int ids = 600;
    Map<String, Integer> accepted = new ConcurrentHashMap<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    try (Running running = new Running(home, options(3, 10_000, 0), Flusher.FORCE)) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = t;
        Thread thread = new Thread(() -> storm(running, new Random(seed), ids, accepted));
        thread.setUncaughtExceptionHandler((which, cause) -> failures.add(cause));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      assertEquals(ids, accepted.size());
      assertEquals(Set.of(1), new HashSet<>(accepted.values()));
      assertEquals(accepted, running.journaled());
      assertEquals(ids, running.ingest.identities());
      assertEquals(
          ids,
          running.ingest.flushed().sequences().values().stream()
              .mapToLong(Long::longValue)
              .sum());
      assertEquals(3, running.ingest.flushed().sequences().size());
    }
  }

  private static void storm(
      Running running, Random random, int ids, Map<String, Integer> accepted) {
    List<Future<IngestAnswer>> answers = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      List<String> order =
          new ArrayList<>(IntStream.range(0, ids).mapToObj(i -> "id-" + i).toList());
      Collections.shuffle(order, random);
      for (int from = 0; from < ids; from += 50) {
        answers.add(running.submit(order.subList(from, from + 50).toArray(String[]::new)));
      }
    }
    for (Future<IngestAnswer> future : answers) {
      IngestAnswer answer = await(future);
      for (int i = 0; i < answer.batch().count(); i++) {
        assertTrue(answer.batch().verdict(i) == Verdict.ACCEPTED
            || answer.batch().verdict(i) == Verdict.DUPLICATE);
        if (answer.batch().verdict(i) == Verdict.ACCEPTED) {
          accepted.merge(String.valueOf(answer.batch().id(i)), 1, Integer::sum);
        }
      }
      assertTrue(running.ingest.flushed().reaches(answer.position()));
    }
  }

  @Test
  void theSameIdTwiceInOneRequestCountsOnceAndAnotherPayloadIsAConflict() throws Exception {
    try (Running running =
        new Running(directory.resolve("twice"), options(1, 100, 0), Flusher.FORCE)) {
      IngestAnswer answer = await(running.submit("1", "1", "2"));
      assertEquals(2, answer.count(Verdict.ACCEPTED));
      assertEquals(Verdict.DUPLICATE, answer.batch().verdict(1));
      assertEquals(2, answer.position().sequence(0));
      // Known all: the position is that of what was known before.
      assertEquals(2, await(running.submit("2")).position().sequence(0));
    }
  }

  @Test
  void afterStopEverythingIsRefused() throws Exception {
    Running running = new Running(directory.resolve("stopped"), options(2, 100, 0), Flusher.FORCE);
    await(running.submit("1", "2", "3"));
    running.close();
    assertEquals(MeteringError.INGEST_STOPPED, refusal(running.submit("4")));
  }
}
