package dev.weir.metering.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.dedup.IdentityIndex;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final long SPACING = 400;

  private final List<Long> pauses = new ArrayList<>();
  private final List<Integer> frames = new ArrayList<>();
  private final IdentityIndex index = new IdentityIndex(1_000, 1_000);
  private long now = 1_000_000;
  private Runnable whilePaused = () -> {};
  private int sent;

  private final EventLog log = new EventLog() {
    @Override
    public boolean hasRoom() {
      return true;
    }

    @Override
    public long append(byte[] frame, int length) {
      frames.add(length);
      return frames.size();
    }

    @Override
    public void close() {}
  };

  private final IngestLane lane = lane(SPACING);

  private IngestLane lane(long spacing) {
    GroupCommit rule = new GroupCommit(1 << 20, spacing);
    GroupCommit.Pace pace = new GroupCommit.Pace(rule, () -> now, nanos -> {
      pauses.add(nanos);
      now += nanos;
      whilePaused.run();
    });
    IngestOptions options = new IngestOptions(1, 100, 1 << 20, rule, 0, 1_000, 35);
    return new IngestLane(0, options, index, log, 0, released -> {}, pace);
  }

  @AfterEach
  void close() {
    index.close();
  }

  private Future<IngestAnswer> send(String data) {
    Promise<IngestAnswer> promise = Promise.promise();
    String event = Decoding.event("e-" + sent++, "2026-03-01T00:00:00Z", data);
    lane.submit(new PendingRequest(Decoding.lines(event), promise, 1, Map.of()));
    return promise.future();
  }

  private Future<IngestAnswer> send() {
    return send("{\"n\":1}");
  }

  private static boolean isTaken(Future<IngestAnswer> answer) {
    return answer.isComplete()
        && answer.result().batch().verdict(0) == Verdict.ACCEPTED
        && answer.result().position().sequence(0) > 0;
  }

  /** Two requests share a flush, so that more are likely to be on their way. */
  private void crowd() throws InterruptedException {
    send();
    send();
    assertTrue(lane.turn(0));
    frames.clear();
  }

  @Test
  void aLoneClientNeverWaits() throws Exception {
    for (int i = 0; i < 5; i++) {
      Future<IngestAnswer> answer = send();
      assertTrue(lane.turn(0));
      assertTrue(isTaken(answer));
    }
    assertEquals(List.of(), pauses);
    assertEquals(5, frames.size());
  }

  @Test
  void amongManyAFlushWaitsForTheRestOfTheSpacingAndTakesWhatComesMeanwhile() throws Exception {
    crowd();
    now += 150;
    List<Future<IngestAnswer>> answers = new ArrayList<>(List.of(send()));
    whilePaused = () -> answers.addAll(List.of(send(), send()));
    assertTrue(lane.turn(0));
    assertEquals(List.of(SPACING - 150), pauses);
    assertEquals(1, frames.size());
    assertTrue(answers.size() == 3 && answers.stream().allMatch(GroupCommitTest::isTaken));
  }

  @Test
  void whenTheSpacingIsOverAFlushBeginsAtOnce() throws Exception {
    crowd();
    now += SPACING;
    send();
    assertTrue(lane.turn(0));
    assertEquals(List.of(), pauses);
  }

  @Test
  void nobodyWaitsLongerForARequestThatComesAlone() throws Exception {
    crowd();
    send();
    assertTrue(lane.turn(0));
    send();
    assertTrue(lane.turn(0));
    // The second followed a flush for one.
    assertEquals(List.of(SPACING), pauses);
    assertEquals(2, frames.size());
  }

  @Test
  void aLargeRequestIsFlushedAtOnce() throws Exception {
    crowd();
    send("{\"n\":\"" + "x".repeat(70_000) + "\"}");
    assertTrue(lane.turn(0));
    assertEquals(List.of(), pauses);
  }
}
