package dev.weir.metering.explorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.explorer.EventFilter.Range;
import dev.weir.metering.explorer.run.EntryKeys;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.journal.Cycles;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalLane;
import dev.weir.metering.journal.JournaledEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is journaled, and whatever becomes of the index meanwhile, a search finds what a walk through
 * the whole journal would find, in the same order, page by page.
 */
class EventIndexPropertyTest {

  private static final int RECORDS_MAX = 40;
  private static final List<EventVerdict> VERDICTS = List.of(EventVerdict.values());

  @TempDir
  Path directory;

  private long seed;
  private Random random = new Random();
  private int events;

  /** One run of the index, as its two threads would go through it, in an order of our own. */
  private static final class Index {
    private final List<LaneIndex> lanes = new ArrayList<>();
    private final List<LaneTail> tails = new ArrayList<>();
    private final RunKeeper keeper;

    Index(TestJournal journal) {
      this(journal, () -> false);
    }

    Index(TestJournal journal, BooleanSupplier stopping) {
      FrameIndexing indexing = new FrameIndexing(TestJournal::key);
      for (JournalLane lane : journal.lanes()) {
        LaneIndex index = new LaneIndex(lane);
        lanes.add(index);
        tails.add(new LaneTail(
            lane, index, indexing, () -> journal.flushed(lane.number()), RECORDS_MAX, frame -> {}));
      }
      keeper = new RunKeeper(lanes, new FrameIndexing(TestJournal::key), RECORDS_MAX, stopping);
      tails.forEach(LaneTail::start);
    }

    void follow() throws IOException {
      for (LaneTail tail : tails) {
        boolean more = tail.advance(7);
        while (more) {
          more = tail.advance(7);
        }
      }
    }

    void keep() {
      boolean more = keeper.step();
      while (more) {
        more = keeper.step();
      }
    }

    Snapshot snapshot() {
      return new Snapshot(
          lanes.stream().map(LaneIndex::view).toList(), lane -> lanes.get(lane).files());
    }

    /** As the explorer does: a run that does not read back is built again. */
    EventPage page(EventSearch search) {
      for (int attempt = 0; ; attempt++) {
        try {
          return new PageSearch(
                  snapshot(),
                  new EntryKeys(TestJournal.key(search.filter().tenantId())),
                  search,
                  System.nanoTime() + Duration.ofMinutes(1).toNanos())
              .find(List.of());
        } catch (RunDamaged e) {
          assertTrue(attempt < 50, e.getMessage());
          lanes.forEach(lane -> lane.drop(e.run()));
          keep();
        }
      }
    }

    void stop() throws IOException {
      for (LaneTail tail : tails) {
        tail.close();
      }
    }
  }

  private String time() {
    // Few enough to be equal often, and in no relation to the clock.
    return Instant.parse("2026-03-01T00:00:00Z")
        .plusSeconds(random.nextInt(300) * 97L)
        .toString();
  }

  private String line(String id) {
    return TestJournal.line(
        id,
        "source-" + random.nextInt(2),
        "type-" + random.nextInt(3),
        "subject-" + random.nextInt(6),
        time(),
        "{\"n\":" + random.nextInt(1_000) + "}");
  }

  private TestJournal.Request request(TestJournal journal) {
    UUID tenant = TestJournal.TENANTS[random.nextInt(2)];
    List<JournaledEvent> known = journal.records();
    if (!known.isEmpty() && random.nextInt(4) == 0) {
      JournaledEvent event = known.get(random.nextInt(known.size()));
      boolean live = !event.isVoid()
          && !event.isConflict()
          && journal.expected(EventFilter.all(event.tenantId())).stream()
              .anyMatch(
                  found -> found.event().equals(event) && found.verdict() == EventVerdict.ACCEPTED);
      if (live) {
        boolean replaced = random.nextBoolean();
        return journal.correction(
            event,
            replaced
                ? TestJournal.line(event.id(), event.source(), "type-0", "subject-0", time(), "{}")
                : null);
      }
    }
    String lines = IntStream.range(0, 1 + random.nextInt(12))
        .mapToObj(i -> line("e" + (random.nextInt(10) == 0 ? 1 : events++)))
        .collect(Collectors.joining("\n"));
    TestJournal.Request request = journal.events(tenant, lines);
    return new TestJournal.Request(request.batch(), random.nextInt(10) == 0);
  }

  private void write(TestJournal journal) throws IOException {
    int lane = random.nextInt(journal.lanes().size());
    TestJournal.Request[] requests = IntStream.range(0, 1 + random.nextInt(3))
        .mapToObj(i -> request(journal))
        .toArray(TestJournal.Request[]::new);
    // Two corrections of one record in a frame would take it back twice.
    journal.append(lane, requests[0]);
    for (int i = 1; i < requests.length; i++) {
      journal.append(lane, request(journal));
    }
  }

  private EventFilter filter() {
    long from =
        EventTime.parseNanos("2026-03-01T00:00:00Z") + random.nextInt(30_000) * 1_000_000_000L;
    boolean narrow = random.nextInt(3) == 0;
    return new EventFilter(
        TestJournal.TENANTS[random.nextInt(2)],
        random.nextInt(3) == 0
            ? Set.of("subject-" + random.nextInt(6), "subject-" + (6 + random.nextInt(20)))
            : null,
        random.nextInt(4) == 0 ? "type-" + random.nextInt(3) : null,
        random.nextInt(5) == 0 ? "source-" + random.nextInt(2) : null,
        random.nextInt(6) == 0 ? "e" + random.nextInt(events + 1) : null,
        null,
        narrow ? new Range(from, from + random.nextInt(10_000) * 1_000_000_000L) : Range.ALL,
        random.nextInt(5) == 0
            ? new Range(
                EventTime.parseNanos("2026-03-05T12:00:00Z")
                    + random.nextInt(3) * 3_600_000_000_000L,
                EventTime.parseNanos("2026-03-05T15:00:00Z"))
            : Range.ALL,
        random.nextInt(3) == 0 ? VERDICTS.get(random.nextInt(VERDICTS.size())) : null);
  }

  private List<FoundEvent> pages(Index index, EventFilter filter) {
    List<FoundEvent> found = new ArrayList<>();
    EventCursor after = null;
    do {
      EventPage page = index.page(new EventSearch(filter, 1 + random.nextInt(40), after, false));
      found.addAll(page.events());
      @Nullable EventCursor next = page.next();
      assertFalse(next != null && next.equals(after), "no progress, seed " + seed);
      after = next == null ? null : EventCursor.parse(next.toString());
    } while (after != null);
    return found;
  }

  private void assertFindsEverything(TestJournal journal, Index index) {
    for (UUID tenant : TestJournal.TENANTS) {
      EventFilter all = EventFilter.all(tenant);
      assertSame(journal.expected(all), pages(index, all), all);
    }
    for (int i = 0; i < 12; i++) {
      EventFilter filter = filter();
      assertSame(journal.expected(filter), pages(index, filter), filter);
    }
  }

  private void assertSame(List<FoundEvent> expected, List<FoundEvent> actual, EventFilter filter) {
    boolean byVoid = filter.id() == null
        && (filter.verdict() == EventVerdict.VOIDED || filter.verdict() == EventVerdict.REPLACED);
    if (byVoid) {
      // Of one time, by the place of what took them back: any order, as long as each comes once.
      Comparator<FoundEvent> order = Comparator.comparing(found -> found.event().position());
      assertEquals(
          expected.stream().sorted(order).toList(),
          actual.stream().sorted(order).toList(),
          "seed " + seed + " " + filter);
      assertEquals(
          expected.stream().map(found -> found.event().timeNanos()).toList(),
          actual.stream().map(found -> found.event().timeNanos()).toList(),
          "seed " + seed + " " + filter);
    } else {
      assertEquals(expected, actual, "seed " + seed + " " + filter);
    }
  }

  @Test
  void findsWhatAWalkThroughTheJournalFinds() throws IOException {
    for (seed = 0; seed < 12; seed++) {
      random = new Random(seed);
      events = 2;
      try (TestJournal journal =
          new TestJournal(directory.resolve("journal-" + seed), 1 + random.nextInt(3))) {
        Index index = new Index(journal);
        for (int step = 0; step < 60; step++) {
          index = step(journal, index);
        }
        index.follow();
        index.keep();
        assertFindsEverything(journal, index);
        assertNoGaps(index);
        index.stop();
      }
    }
  }

  private void assertNoGaps(Index index) {
    for (LaneIndex lane : index.lanes) {
      assertEquals(List.of(), lane.gaps(), "seed " + seed);
    }
  }

  private Index step(TestJournal journal, Index index) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> journal.advance(Duration.ofMinutes(random.nextInt(100)));
      case 1 -> index.follow();
      case 2 -> index.keep();
      case 3 -> {
        index.follow();
        index.keep();
        assertFindsEverything(journal, index);
      }
      case 4 -> {
        return restart(journal, index, random.nextBoolean());
      }
      case 5 -> damageARun(index);
      default -> write(journal);
    }
    return index;
  }

  private Index restart(TestJournal journal, Index index, boolean orderly) throws IOException {
    if (orderly) {
      index.stop();
    }
    journal.reopen();
    if (random.nextInt(3) == 0) {
      List<Path> runs = runs(index);
      if (!runs.isEmpty()) {
        Files.delete(runs.get(random.nextInt(runs.size())));
      }
    }
    return new Index(journal);
  }

  private static List<Path> runs(Index index) throws IOException {
    List<Path> runs = new ArrayList<>();
    for (LaneIndex lane : index.lanes) {
      try (Stream<Path> files = Files.list(lane.files().directory())) {
        files.filter(file -> file.toString().endsWith(".events")).forEach(runs::add);
      }
    }
    runs.sort(null);
    return runs;
  }

  private void damageARun(Index index) throws IOException {
    List<Path> runs = runs(index);
    if (!runs.isEmpty()) {
      flip(runs.get(random.nextInt(runs.size())));
    }
  }

  private void flip(Path file) throws IOException {
    flip(file, random.nextInt((int) Files.size(file)), 1 << random.nextInt(8));
  }

  @Test
  void mergesTheRunsOfAnEndedCycleIntoOne() throws IOException {
    seed = 100;
    random = new Random(seed);
    try (TestJournal journal = new TestJournal(directory.resolve("merge"), 1)) {
      Index index = new Index(journal);
      for (int cycle = 0; cycle < 3; cycle++) {
        for (int i = 0; i < 120; i++) {
          write(journal);
        }
        index.follow();
        journal.advance(Duration.ofHours(1));
      }
      assertTrue(
          runs(index).size() > 3 * MergeChoice.WIDTH, "runs " + runs(index).size());
      index.keep();
      long closed = runs(index).stream()
          .map(run -> run.getFileName().toString().substring(0, 11))
          .filter(name -> !name.equals("20260305-14"))
          .count();
      assertEquals(2, closed, "one run for each ended cycle");
      assertTrue(runs(index).size() < 2 + 2 * MergeChoice.WIDTH, "few of the cycle under way");
      assertFindsEverything(journal, index);
      index.stop();
      Index again = new Index(journal);
      again.follow();
      assertNoGaps(again);
      assertFindsEverything(journal, again);
      again.stop();
    }
  }

  @Test
  void aMergeThatIsToldToStopLeavesEverythingAsItWas() throws IOException {
    seed = 104;
    random = new Random(seed);
    AtomicBoolean stopping = new AtomicBoolean();
    try (TestJournal journal = new TestJournal(directory.resolve("stopped"), 1)) {
      Index index = new Index(journal, stopping::get);
      while (runs(index).size() < MergeChoice.WIDTH) {
        write(journal);
        index.follow();
      }
      List<Path> before = runs(index);
      stopping.set(true);
      assertFalse(index.keeper.step());
      assertEquals(before, runs(index));
      try (Stream<Path> files = Files.list(index.lanes.get(0).files().directory())) {
        assertEquals(
            List.of(), files.filter(file -> file.toString().endsWith(".new")).toList());
      }
      assertFindsEverything(journal, index);
      stopping.set(false);
      index.keep();
      assertEquals(1, runs(index).size());
      assertFindsEverything(journal, index);
      index.stop();
    }
  }

  @Test
  void buildsEverythingAgainNewestCycleFirst() throws IOException {
    seed = 101;
    random = new Random(seed);
    try (TestJournal journal = new TestJournal(directory.resolve("rebuild"), 2)) {
      for (int cycle = 0; cycle < 4; cycle++) {
        for (int i = 0; i < 20; i++) {
          write(journal);
        }
        journal.advance(Duration.ofHours(1));
      }
      Index index = new Index(journal);
      index.follow();
      List<Integer> filled = new ArrayList<>();
      while (index.lanes.stream().anyMatch(lane -> !lane.gaps().isEmpty())) {
        filled.add(index.lanes.stream()
            .flatMap(lane -> lane.gaps().stream())
            .mapToInt(Gap::cycle)
            .max()
            .orElseThrow());
        assertTrue(index.keeper.step());
      }
      List<Integer> newestFirst = new ArrayList<>(filled);
      newestFirst.sort(Comparator.reverseOrder());
      assertEquals(newestFirst, filled);
      assertEquals(
          Cycles.of(Instant.parse("2026-03-05T12:00:00Z").toEpochMilli()),
          filled.get(filled.size() - 1));
      assertFindsEverything(journal, index);
      index.stop();
    }
  }

  @Test
  void dropsTheRunsOfCyclesThatAreGone() throws IOException {
    seed = 102;
    random = new Random(seed);
    try (TestJournal journal = new TestJournal(directory.resolve("retention"), 1)) {
      Index index = new Index(journal);
      for (int cycle = 0; cycle < 3; cycle++) {
        write(journal);
        journal.advance(Duration.ofHours(1));
      }
      index.follow();
      index.keep();
      Path first = index.lanes.get(0).files().directory().resolve("20260305-12F.cq4");
      Files.delete(first);
      index.lanes.get(0).refresh();
      assertNoGaps(index);
      assertEquals(
          List.of("20260305-13"),
          runs(index).stream()
              .map(run -> run.getFileName().toString().substring(0, 11))
              .toList());
      index.stop();
    }
  }

  @Test
  void indexesACycleAgainWhoseFileIsAnother() throws IOException {
    seed = 103;
    random = new Random(seed);
    Path home = directory.resolve("stale");
    Path saved = directory.resolve("saved.cq4");
    try (TestJournal journal = new TestJournal(home, 1)) {
      write(journal);
      Files.copy(home.resolve("lane-0/20260305-12F.cq4"), saved);
      Index index = new Index(journal);
      for (int i = 0; i < 10; i++) {
        write(journal);
      }
      index.follow();
      index.stop();
    }
    // As after a restored backup: what the run tells of is gone, and something else takes its
    // place.
    Files.delete(home.resolve("lane-0/20260305-12F.cq4"));
    Files.copy(saved, home.resolve("lane-0/20260305-12F.cq4"));
    try (TestJournal journal = new TestJournal(home, 1)) {
      journal.reopen();
      Index index = new Index(journal);
      assertEquals(0, runs(index).size());
      index.stop();
    }
  }

  @Test
  void neverGivesOutWhatTheJournalDoesNotHoldAnyMore() throws IOException {
    seed = 104;
    random = new Random(seed);
    Path home = directory.resolve("damaged");
    try (TestJournal journal = new TestJournal(home, 1)) {
      for (int i = 0; i < 5; i++) {
        write(journal);
      }
      Index index = new Index(journal);
      index.follow();
      EventFilter all = EventFilter.all(TestJournal.TENANTS[0]);
      List<FoundEvent> expected = journal.expected(all);
      assertSame(expected, pages(index, all), all);
      Path file = home.resolve("lane-0/20260305-12F.cq4");
      long frames = index.lanes.get(0).view().tail().stretch().toOffset();
      int noticed = 0;
      for (int i = 0; i < 200; i++) {
        long at = frames - 1 - random.nextInt((int) Math.min(2_000, frames));
        flip(file, at, 0x10);
        try {
          assertEquals(expected, pages(index, all), "flipped at " + at);
        } catch (JournalCorrupt e) {
          noticed++;
        }
        flip(file, at, 0x10);
      }
      // The rest are bytes of frames and of records of another tenant, which are not read.
      assertTrue(noticed > 20, "noticed " + noticed);
      index.stop();
    }
  }

  private static void flip(Path file, long at, int bits) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ bits);
    }
  }
}
