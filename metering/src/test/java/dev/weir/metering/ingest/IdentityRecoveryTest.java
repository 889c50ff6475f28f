package dev.weir.metering.ingest;

import static dev.weir.metering.TestMetering.awaitLatch;
import static dev.weir.metering.TestMetering.awaitUntil;
import static dev.weir.metering.database.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.TestMetering;
import dev.weir.metering.dedup.IdentitiesLost;
import dev.weir.metering.dedup.SegmentDisk;
import dev.weir.metering.event.Decoding;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventLimits;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.Flusher;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournalReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Duplicates across restarts, rolls, lane counts and the horizon's edge, with the journal on disk. */
class IdentityRecoveryTest {

  /** Volumes of 1,024 identities. */
  private static final long IDENTITIES_MAX = 65_536;

  private static final int VOLUME = 1_024;
  private static final int REQUEST = 500;

  @TempDir
  Path directory;

  private final Vertx vertx = Vertx.vertx();
  private Instant now = TestMetering.NOW;
  private CycleArchive archive = CycleArchive.NONE;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** A journal and the lanes on it. */
  private final class Running implements AutoCloseable {
    private final Journal journal;
    private final Ingest ingest;

    Running(Path home, int lanes, int horizonDays, SegmentDisk disk) throws IOException {
      journal = Journal.open(home, lanes, () -> now, new SecureRandom(), archive);
      IngestOptions d = IngestOptions.DEFAULT;
      IngestOptions options = new IngestOptions(
          lanes,
          d.queuedRequestsMax(),
          d.queuedBytesMax(),
          d.groupCommit(),
          0,
          IDENTITIES_MAX * lanes,
          horizonDays);
      try {
        ingest = Ingest.start(journal, options, () -> now, Flusher.FORCE, disk);
      } catch (IOException | RuntimeException e) {
        journal.close();
        throw e;
      }
    }

    Future<IngestAnswer> submit(int from, int to) {
      StringBuilder lines = new StringBuilder();
      for (int i = from; i < to; i++) {
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
                  EventTime.nanos(now)));
      return ingest.submit((ContextInternal) vertx.getOrCreateContext(), batch);
    }

    /** Sends events, request after request, that must all get this verdict. */
    void send(int from, int to, Verdict expected) {
      for (int i = from; i < to; i += REQUEST) {
        int end = Math.min(to, i + REQUEST);
        assertEquals(
            end - i, await(submit(i, end)).count(expected), "events from " + i + ": " + expected);
      }
    }

    /** Sends as many new events as make so many volumes full. */
    void fillVolumes(int count) {
      for (int i = 0; i < count; i++) {
        IngestAnswer answer = await(submit(i * VOLUME, (i + 1) * VOLUME));
        assertEquals(VOLUME, answer.count(Verdict.ACCEPTED));
      }
    }

    void awaitSealed() {
      awaitUntil("all is sealed", () -> ingest.dedup().unsealed() == 0);
    }

    int journaled() {
      Map<String, Integer> counts = new HashMap<>();
      for (JournalLane lane : journal.lanes()) {
        try (JournalReader reader = lane.reader()) {
          for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            frame.forEach(r -> counts.merge(r.id(), 1, Integer::sum));
          }
        }
      }
      return counts.size();
    }

    @Override
    public void close() throws IOException, InterruptedException {
      ingest.stop();
      journal.close();
    }
  }

  private Running open(Path home, int lanes) throws IOException {
    return new Running(home, lanes, 35, SegmentDisk.FILES);
  }

  private static List<Path> files(Path home, int lane, String suffix) throws IOException {
    Path folder = home.resolve("lane-" + lane);
    try (Stream<Path> files =
        Files.list(suffix.equals(".ids") ? folder.resolve("identities") : folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static void damage(Path file, long at) throws IOException {
    try (FileChannel channel = FileChannel.open(
        file, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 8));
      channel.write(one.flip(), at);
    }
  }

  @Test
  void duplicatesAreKnownAcrossRestartsAndRollsFromSegmentsAlone() throws Exception {
    int sent = 0;
    for (int hour = 0; hour < 4; hour++) {
      try (Running running = open(directory, 1)) {
        assertEquals(sent, running.ingest.identities());
        running.send(0, sent, Verdict.DUPLICATE);
        running.send(sent, sent + 2_500, Verdict.ACCEPTED);
        sent += 2_500;
        running.send(sent - 2_500, sent, Verdict.DUPLICATE);
        running.awaitSealed();
        assertTrue(running.ingest.dedup().diskBytes() > 0);
      }
      now = now.plus(Duration.ofHours(1));
    }
    assertEquals(4, files(directory, 0, ".cq4").size());
    List<Path> segments = files(directory, 0, ".ids");
    assertTrue(segments.size() >= 6 && segments.size() <= 9, "segments " + segments);
    // The first hours are not read: what stands in them does not matter to a start.
    damage(files(directory, 0, ".cq4").get(0), 200_000);
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
      assertThrows(JournalCorrupt.class, running::journaled);
    }
  }

  @Test
  void aDamagedAndAMissingSegmentAreMadeAnewFromTheirPartOfTheJournal() throws Exception {
    int sent = 6 * VOLUME + 100;
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    List<Path> segments = files(directory, 0, ".ids");
    byte[] second = Files.readAllBytes(segments.get(1));
    byte[] fourth = Files.readAllBytes(segments.get(3));
    damage(segments.get(1), 700);
    Files.delete(segments.get(3));
    try (Running running = open(directory, 1)) {
      assertEquals(sent, running.ingest.identities());
      running.send(0, sent, Verdict.DUPLICATE);
      running.awaitSealed();
    }
    assertEquals(segments, files(directory, 0, ".ids"));
    assertEquals(-1, java.util.Arrays.mismatch(second, Files.readAllBytes(segments.get(1))));
    assertEquals(-1, java.util.Arrays.mismatch(fourth, Files.readAllBytes(segments.get(3))));
  }

  @Test
  void anyNumberOfLanesKnowsWhatAnyOtherHasTaken() throws Exception {
    int sent = 0;
    for (int lanes : new int[] {1, 3, 2, 1}) {
      try (Running running = open(directory, lanes)) {
        assertEquals(sent, running.ingest.identities());
        running.send(0, sent, Verdict.DUPLICATE);
        running.send(sent, sent + 5_000, Verdict.ACCEPTED);
        sent += 5_000;
        running.send(0, sent, Verdict.DUPLICATE);
        running.awaitSealed();
        assertEquals(sent, running.journaled());
      }
    }
  }

  @Test
  void aLostIdentityKeyCostsOnlyReadingTheJournal() throws Exception {
    try (Running running = open(directory, 2)) {
      running.send(0, 6_000, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    Files.delete(directory.resolve("identity-key"));
    for (int i = 0; i < 2; i++) {
      try (Running running = open(directory, 2)) {
        assertEquals(6_000, running.ingest.identities());
        running.send(0, 6_000, Verdict.DUPLICATE);
        running.awaitSealed();
      }
    }
  }

  @Test
  void anIdentityIsKnownToTheHorizonsEdgeAndForgottenAfterIt() throws Exception {
    int sent = 2 * VOLUME;
    Instant start = now;
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.ACCEPTED);
      // One more frame freezes the second volume.
      running.send(sent, sent + 1, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    now = start.plus(Duration.ofDays(35));
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
    }
    now = start.plus(Duration.ofDays(35).plusSeconds(1));
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.ACCEPTED);
      running.send(0, sent, Verdict.DUPLICATE);
    }
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
    }
  }

  @Test
  void withAnUnlimitedHorizonNothingIsForgotten() throws Exception {
    try (Running running = new Running(directory, 1, IngestOptions.UNLIMITED, SegmentDisk.FILES)) {
      running.send(0, 3_000, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    now = now.plus(Duration.ofDays(40_000));
    try (Running running = new Running(directory, 1, IngestOptions.UNLIMITED, SegmentDisk.FILES)) {
      running.send(0, 3_000, Verdict.DUPLICATE);
      running.send(3_000, 6_000, Verdict.ACCEPTED);
      running.send(0, 6_000, Verdict.DUPLICATE);
    }
  }

  @Test
  void theEventsOwnTimeDecidesNothing() throws Exception {
    try (Running running = open(directory, 1)) {
      running.send(0, 10, Verdict.ACCEPTED);
      now = now.plus(Duration.ofDays(34));
      // The events are of March 2026 and are known only by when they were received.
      running.send(0, 10, Verdict.DUPLICATE);
      now = now.plus(Duration.ofDays(3));
      running.send(0, 10, Verdict.ACCEPTED);
    }
  }

  @Test
  void whileSegmentsCannotBeWrittenIngestGoesOnToABoundAndThenAgain() throws Exception {
    AtomicBoolean full = new AtomicBoolean(true);
    int sent = 0;
    try (Running running = new Running(directory, 1, 35, fullWhile(full))) {
      while (sent < 20 * VOLUME && !isRefused(running.submit(sent, sent + VOLUME))) {
        sent += VOLUME;
      }
      // Four volumes wait and a fifth is full.
      assertEquals(5 * VOLUME, sent);
      assertEquals(
          MeteringError.INGEST_DEDUP_UNSEALED,
          refusal(running.submit(sent, sent + 1)).code());
      assertEquals(4, running.ingest.dedup().unsealed());
      awaitUntil("the reason shows", () -> running.ingest.dedup().failure().isPresent());
      assertEquals(
          "No space left on device (injected)",
          running.ingest.dedup().failure().orElseThrow().getMessage());
      assertTrue(running.ingest.failure().isEmpty());
      running.send(0, sent, Verdict.DUPLICATE);
      full.set(false);
      running.awaitSealed();
      running.send(sent, sent + 3 * VOLUME, Verdict.ACCEPTED);
      sent += 3 * VOLUME;
      running.send(0, sent, Verdict.DUPLICATE);
      running.awaitSealed();
    }
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
    }
  }

  /** A disk whose segments cannot be written to the end while it is full. */
  private static SegmentDisk fullWhile(AtomicBoolean full) {
    return new SegmentDisk() {
      @Override
      public void force(FileChannel channel) throws IOException {
        if (full.get()) {
          throw new IOException("No space left on device (injected)");
        }
        SegmentDisk.FILES.force(channel);
      }
    };
  }

  /** A disk that stands still before it has a segment written to the end. */
  private static SegmentDisk slowUntil(CountDownLatch latch) {
    return new SegmentDisk() {
      @Override
      public void force(FileChannel channel) throws IOException {
        awaitLatch(latch);
        SegmentDisk.FILES.force(channel);
      }
    };
  }

  @Test
  void ofARequestThatIsRefusedForWantOfSealsNothingIsTaken() throws Exception {
    AtomicBoolean full = new AtomicBoolean(true);
    int request = VOLUME * 3 / 4;
    try (Running running = new Running(directory, 1, 35, fullWhile(full))) {
      int sent = 0;
      while (sent < 20 * VOLUME && !isRefused(running.submit(sent, sent + request))) {
        sent += request;
      }
      assertEquals(sent, running.ingest.identities());
      assertEquals(sent, running.ingest.flushed(0));
      // Neither when some of its events are known.
      assertTrue(isRefused(running.submit(sent - 10, sent + 10)));
      assertEquals(sent, running.ingest.identities());
      assertEquals(sent, running.ingest.flushed(0));
      full.set(false);
      running.awaitSealed();
      running.send(sent, sent + request, Verdict.ACCEPTED);
      running.send(0, sent + request, Verdict.DUPLICATE);
    }
  }

  @Test
  void whileSealsOnlyTakeTimeRequestsWaitForThem() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (Running running = new Running(directory, 1, 35, slowUntil(slow))) {
      running.fillVolumes(5);
      awaitUntil("the lane waits", () -> running.ingest.lane(0).isAwaitingSeals());
      Future<IngestAnswer> waiting = running.submit(5 * VOLUME, 6 * VOLUME);
      slow.countDown();
      assertEquals(VOLUME, await(waiting).count(Verdict.ACCEPTED));
      running.send(0, 6 * VOLUME, Verdict.DUPLICATE);
    }
  }

  @Test
  void requestsDoNotWaitForSealsForEver() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    try (Running running = new Running(directory, 1, 35, slowUntil(stuck))) {
      running.fillVolumes(5);
      assertEquals(
          MeteringError.INGEST_DEDUP_UNSEALED,
          refusal(running.submit(5 * VOLUME, 5 * VOLUME + 1)).code());
      stuck.countDown();
    }
  }

  private static boolean isRefused(Future<IngestAnswer> answer) {
    try {
      await(answer);
      return false;
    } catch (Refusal refusal) {
      assertEquals(MeteringError.INGEST_DEDUP_UNSEALED, refusal.code());
      return true;
    }
  }

  private static Refusal refusal(Future<IngestAnswer> answer) {
    return assertThrows(Refusal.class, () -> await(answer));
  }

  @Test
  void aSegmentThatTurnsUnreadableRefusesOnlyWhatMayBeInIt() throws Exception {
    try (Running running = open(directory, 1)) {
      running.send(0, 3 * VOLUME, Verdict.ACCEPTED);
      running.send(3 * VOLUME, 3 * VOLUME + 1, Verdict.ACCEPTED);
      running.awaitSealed();
      Path segment = files(directory, 0, ".ids").get(1);
      byte[] sound = Files.readAllBytes(segment);
      Files.write(segment, new byte[sound.length]);
      assertEquals(
          MeteringError.INGEST_DEDUP_UNREADABLE,
          refusal(running.submit(1_600, 1_601)).code());
      running.send(0, 900, Verdict.DUPLICATE);
      running.send(10_000, 10_100, Verdict.ACCEPTED);
      assertTrue(running.ingest.failure().isEmpty());
    }
    try (Running running = open(directory, 1)) {
      running.send(0, 3 * VOLUME + 1, Verdict.DUPLICATE);
      running.send(10_000, 10_100, Verdict.DUPLICATE);
    }
  }

  @Test
  void withoutItsPartOfTheJournalADamagedSegmentStopsTheStart() throws Exception {
    try (Running running = open(directory, 1)) {
      running.send(0, 3 * VOLUME, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    now = now.plus(Duration.ofHours(1));
    try (Running running = open(directory, 1)) {
      running.send(3 * VOLUME, 6 * VOLUME, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    List<Path> cycles = files(directory, 0, ".cq4");
    assertEquals(2, cycles.size());
    Files.delete(cycles.get(0));
    try (Running running = open(directory, 1)) {
      running.send(0, 2 * VOLUME, Verdict.DUPLICATE);
    }
    Path segment = files(directory, 0, ".ids").get(0);
    damage(segment, 500);
    IdentitiesLost lost = assertThrows(IdentitiesLost.class, () -> open(directory, 1));
    assertTrue(String.valueOf(lost.getMessage()).contains(segment.toString()), lost.getMessage());
    Files.delete(segment);
    try (Running running = open(directory, 1)) {
      running.send(0, 1, Verdict.ACCEPTED);
      running.send(1_500, 6 * VOLUME, Verdict.DUPLICATE);
    }
  }

  /** Cycles that were moved to a directory. */
  private static final class Moved implements CycleArchive {
    private final Path directory;
    private int fetched;
    private boolean damaged;

    Moved(Path directory) {
      this.directory = directory;
    }

    /** Moves the oldest cycle out of the journal. */
    void take(Path cycle) throws IOException {
      Files.createDirectories(directory);
      Files.move(cycle, directory.resolve(cycle.getFileName()));
    }

    @Override
    public SortedSet<Integer> cycles(int lane) {
      try (Stream<Path> files = Files.list(directory)) {
        return files
            .map(file -> Cycles.parse(file.getFileName().toString().substring(0, 11)))
            .collect(Collectors.toCollection(TreeSet::new));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int newestGone(int lane) {
      return -1;
    }

    @Override
    public Path fetch(int lane, int cycle) {
      fetched++;
      if (damaged) {
        throw new JournalCorrupt("what it gives back is not what was archived");
      }
      return directory.resolve(Cycles.name(cycle) + "F.cq4");
    }
  }

  @Test
  void aDamagedSegmentIsMadeAnewFromArchivedCyclesAndOthersNeedNone() throws Exception {
    int sent = 0;
    for (int hour = 0; hour < 3; hour++) {
      try (Running running = open(directory, 1)) {
        running.send(sent, sent + 3 * VOLUME, Verdict.ACCEPTED);
        sent += 3 * VOLUME;
        running.awaitSealed();
      }
      now = now.plus(Duration.ofHours(1));
    }
    Moved moved = new Moved(directory.resolve("archive"));
    moved.take(files(directory, 0, ".cq4").get(0));
    moved.take(files(directory, 0, ".cq4").get(0));
    archive = moved;
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
      assertEquals(0, moved.fetched);
    }
    damage(files(directory, 0, ".ids").get(1), 900);
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
      assertTrue(moved.fetched > 0);
      running.awaitSealed();
    }
    moved.fetched = 0;
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.DUPLICATE);
      assertEquals(0, moved.fetched);
    }
  }

  @Test
  void anArchiveIsNeededOnlyForWhatIsLostAndDamageInItIsNotTakenForAGap() throws Exception {
    // Three requests fill a volume.
    int sent = 6 * REQUEST;
    try (Running running = open(directory, 1)) {
      running.send(0, sent, Verdict.ACCEPTED);
    }
    now = now.plus(Duration.ofHours(1));
    try (Running running = open(directory, 1)) {
      // The first frame of the hour freezes the second volume: segments end where the cycle did.
      running.send(sent, sent + 10, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    Moved moved = new Moved(directory.resolve("archive"));
    moved.take(files(directory, 0, ".cq4").get(0));
    moved.damaged = true;
    archive = moved;
    try (Running running = open(directory, 1)) {
      running.send(0, sent + 10, Verdict.DUPLICATE);
      assertEquals(0, moved.fetched);
    }
    damage(files(directory, 0, ".ids").get(0), 900);
    assertThrows(JournalCorrupt.class, () -> open(directory, 1));
    moved.damaged = false;
    try (Running running = open(directory, 1)) {
      running.send(0, sent + 10, Verdict.DUPLICATE);
    }
  }

  @Test
  void withoutAnySegmentOnlyWhatIsWithinTheHorizonIsRead() throws Exception {
    try (Running running = open(directory, 1)) {
      running.send(0, 3 * VOLUME, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    Instant first = now;
    now = first.plus(Duration.ofDays(30));
    try (Running running = open(directory, 1)) {
      running.send(3 * VOLUME, 6 * VOLUME, Verdict.ACCEPTED);
      running.awaitSealed();
    }
    damage(files(directory, 0, ".cq4").get(0), 200_000);
    now = first.plus(Duration.ofDays(36)).plus(Duration.ofHours(1));
    for (Path segment : files(directory, 0, ".ids")) {
      Files.delete(segment);
    }
    for (int i = 0; i < 2; i++) {
      try (Running running = open(directory, 1)) {
        assertEquals(3 * VOLUME, running.ingest.identities());
        running.send(3 * VOLUME, 6 * VOLUME, Verdict.DUPLICATE);
        running.awaitSealed();
      }
    }
    // An hour earlier, the first cycle may hold something to remember.
    for (Path segment : files(directory, 0, ".ids")) {
      Files.delete(segment);
    }
    Files.delete(directory.resolve("lane-0/identities/expired"));
    now = first.plus(Duration.ofDays(36));
    assertThrows(JournalCorrupt.class, () -> open(directory, 1));
  }

  @Test
  void theLaneGoesOnWhereItEndedWhenAllHasExpiredAndTheNewestCycleIsEmpty() throws Exception {
    try (Running running = open(directory, 1)) {
      running.send(0, 700, Verdict.ACCEPTED);
    }
    now = now.plus(Duration.ofDays(50));
    // As a process leaves it that is killed before its first frame of an hour.
    Files.createFile(
        directory.resolve("lane-0/" + Cycles.name(Cycles.of(now.toEpochMilli())) + "F.cq4"));
    now = now.plus(Duration.ofHours(1));
    try (Running running = open(directory, 1)) {
      assertEquals(700, running.ingest.flushed(0));
      running.send(0, 100, Verdict.ACCEPTED);
      assertEquals(800, running.ingest.flushed(0));
      assertEquals(700, running.journaled());
    }
    try (Running running = open(directory, 1)) {
      assertEquals(800, running.ingest.flushed(0));
      running.send(0, 100, Verdict.DUPLICATE);
    }
  }

  @Test
  void aStormOfDuplicatesOfSealedEventsIsAnsweredAndJournalsNothing() throws Exception {
    int sent = 8 * VOLUME;
    try (Running running = open(directory, 2)) {
      running.send(0, sent, Verdict.ACCEPTED);
      running.awaitSealed();
      long position = running.ingest.flushed(0) + running.ingest.flushed(1);
      List<Future<IngestAnswer>> answers = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        for (int from = 0; from < sent; from += 2_048) {
          answers.add(running.submit(from, from + 2_048));
        }
      }
      for (Future<IngestAnswer> answer : answers) {
        assertEquals(2_048, await(answer).count(Verdict.DUPLICATE));
      }
      assertEquals(position, running.ingest.flushed(0) + running.ingest.flushed(1));
      assertEquals(sent, running.ingest.identities());
    }
  }
}
