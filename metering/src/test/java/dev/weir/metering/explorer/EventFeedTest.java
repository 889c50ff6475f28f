package dev.weir.metering.explorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watchers get what they asked for as it is indexed, or are told what they missed. */
class EventFeedTest {

  private static final UUID TENANT = TestJournal.TENANTS[0];

  @TempDir
  Path directory;

  private TestJournal journal;
  private LaneTail tail;
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private EventFeed feed;

  @BeforeEach
  void open() throws IOException {
    journal = new TestJournal(directory, 1);
    feed = new EventFeed(2, () -> journal.flushed());
    tail = new LaneTail(
        journal.lanes().get(0),
        new LaneIndex(journal.lanes().get(0)),
        new FrameIndexing(TestJournal::key),
        () -> journal.flushed(0),
        1_000_000,
        (Frame frame) -> feed.indexed(frame));
    tail.start();
  }

  @AfterEach
  void close() throws IOException {
    tail.close();
    journal.close();
  }

  private EventFeed.Watch watch(@Nullable String type, @Nullable EventVerdict verdict) {
    EventFilter filter = new EventFilter(
        TENANT,
        null,
        type,
        null,
        null,
        null,
        EventFilter.Range.ALL,
        EventFilter.Range.ALL,
        verdict);
    return feed.watch(filter, ready::incrementAndGet, ended::incrementAndGet);
  }

  private static String line(String id, String type, String data) {
    return TestJournal.line(id, "source", type, "subject", "2026-03-01T00:00:00Z", data);
  }

  private void append(TestJournal.Request... requests) throws IOException {
    journal.append(0, requests);
    boolean more = tail.advance(10);
    while (more) {
      more = tail.advance(10);
    }
  }

  private JournaledEvent last() {
    List<JournaledEvent> records = journal.records();
    return records.get(records.size() - 1);
  }

  private static List<String> shown(EventFeed.Batch batch) {
    return batch.events().stream()
        .map(found -> found.verdict().wire() + " " + found.event().id())
        .toList();
  }

  @Test
  void givesEachWatcherWhatItAskedForFromItsBeginOn() throws IOException {
    append(journal.events(TENANT, line("before", "a", "{}")));
    try (EventFeed.Watch all = watch(null, null);
        EventFeed.Watch ofType = watch("b", null)) {
      assertEquals(
          new JournalPosition(new java.util.TreeMap<>(java.util.Map.of(0, 1L))), all.from());
      append(
          journal.events(TENANT, line("1", "a", "{}") + "\n" + line("2", "b", "{}")),
          journal.events(TestJournal.TENANTS[1], line("theirs", "b", "{}")));
      assertEquals(2, ready.get());
      assertEquals(List.of("accepted 1", "accepted 2"), shown(all.take()));
      assertEquals(List.of("accepted 2"), shown(ofType.take()));
      assertEquals(List.of(), shown(ofType.take()));
    }
    append(journal.events(TENANT, line("3", "a", "{}")));
    assertEquals(2, ready.get());
    assertEquals(0, feed.watchers());
  }

  @Test
  void tellsWhatWasTakenBackAndWhetherSomethingCountsInstead() throws IOException {
    try (EventFeed.Watch all = watch(null, null);
        EventFeed.Watch replaced = watch(null, EventVerdict.REPLACED)) {
      append(journal.events(TENANT, line("1", "a", "{}")));
      append(journal.correction(last(), null));
      append(journal.events(TENANT, line("2", "a", "{}")));
      append(journal.correction(last(), line("2", "a", "{\"n\":1}")));
      append(new TestJournal.Request(
          journal.events(TENANT, line("1", "a", "{\"n\":2}")).batch(), true));
      assertEquals(
          List.of("accepted 1", "voided 1", "accepted 2", "replaced 2", "accepted 2", "conflict 1"),
          shown(all.take()));
      assertEquals(List.of("replaced 2"), shown(replaced.take()));
    }
  }

  @Test
  void dropsWhatASlowWatcherDoesNotTakeAndSaysHowMuch() throws IOException {
    try (EventFeed.Watch slow = watch(null, null);
        EventFeed.Watch quick = watch(null, null)) {
      List<String> taken = new ArrayList<>();
      for (int frame = 0; frame < 15; frame++) {
        int from = frame * 100;
        append(journal.events(
            TENANT,
            IntStream.range(from, from + 100)
                .mapToObj(i -> line("e" + i, "a", "{}"))
                .collect(Collectors.joining("\n"))));
        quick.take().events().forEach(found -> taken.add(found.event().id()));
      }
      List<String> all = IntStream.range(0, 1_500).mapToObj(i -> "e" + i).toList();
      assertEquals(all, taken);
      EventFeed.Batch first = slow.take();
      assertEquals(
          all.subList(0, EventFeed.QUEUED_MAX),
          first.events().stream().map(found -> found.event().id()).toList());
      assertEquals(500, first.dropped());
      assertEquals(new EventFeed.Batch(List.of(), 0), slow.take());
      append(journal.events(TENANT, line("next", "a", "{}")));
      assertEquals(List.of("accepted next"), shown(slow.take()));
    }
  }

  @Test
  void holdsNoMoreBytesThanItsBoundButAlwaysOneEvent() throws IOException {
    try (EventFeed.Watch slow = watch(null, null)) {
      String large = "{\"text\":\"" + "x".repeat(EventFeed.QUEUED_BYTES_MAX) + "\"}";
      append(journal.events(TENANT, line("large", "a", large)));
      append(journal.events(TENANT, line("small", "a", "{}")));
      EventFeed.Batch batch = slow.take();
      assertEquals(List.of("accepted large"), shown(batch));
      assertEquals(1, batch.dropped());
    }
  }

  @Test
  void refusesMoreWatchersThanItsBoundAndAllOnceItEnds() {
    EventFeed.Watch one = watch(null, null);
    EventFeed.Watch two = watch(null, null);
    Refusal tooMany = assertThrows(Refusal.class, () -> watch(null, null));
    assertEquals(MeteringError.EVENTS_STREAMS_TOO_MANY, tooMany.code());
    one.close();
    watch(null, null).close();
    feed.close();
    assertEquals(1, ended.get());
    two.close();
    assertThrows(Refusal.class, () -> watch(null, null));
  }
}
