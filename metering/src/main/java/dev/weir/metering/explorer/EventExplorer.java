package dev.weir.metering.explorer;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.explorer.run.EntryKeys;
import dev.weir.metering.explorer.run.RunDamaged;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.Journal;
import dev.weir.metering.journal.JournalCorrupt;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds journaled events. Everything that was flushed when a search was asked for is found, or the search
 * is refused. Thread-safe. What gives a future runs on the explorer's own threads; what does not, blocks.
 */
public final class EventExplorer {

  /** How long other parts of the engine wait for the index: they cannot do without. */
  private static final Duration ENGINE_WAIT = Duration.ofMinutes(2);

  private static final int ATTEMPTS = 5;
  private static final int RECORDS_AT_ONCE = 1_024;
  private static final int MISSING_SHOWN = 3;

  private final Function<UUID, IdentityKey> keys;
  private final Supplier<JournalPosition> flushed;
  private final ExplorerOptions options;
  private final EventIndexer indexer;
  private final EventFeed feed;
  private final WorkerExecutor workers;
  private final AtomicInteger searches = new AtomicInteger();

  private EventExplorer(Vertx vertx, Journal journal, Flushed flushed, ExplorerOptions options) {
    this.keys = tenant -> journal.identityKey().forTenant(tenant);
    this.flushed = flushed.position();
    this.options = options;
    this.feed = new EventFeed(options.subscribersMax(), this.flushed);
    this.indexer = new EventIndexer(
        journal.lanes(), keys, flushed.ofLane(), options.gatheredMax(), feed.listener());
    this.workers = vertx.createSharedWorkerExecutor(
        "weir-event-search",
        options.searchThreads(),
        options.searchTime().toSeconds() + 60,
        TimeUnit.SECONDS);
  }

  /** What is on stable storage: of one lane, and of all. */
  public record Flushed(IntToLongFunction ofLane, Supplier<JournalPosition> position) {}

  /** Starts to index, in the background; nothing needs to wait for it. */
  public static EventExplorer start(
      Vertx vertx, Journal journal, Flushed flushed, ExplorerOptions options) {
    EventExplorer explorer = new EventExplorer(vertx, journal, flushed, options);
    explorer.indexer.start();
    return explorer;
  }

  /** Events as they arrive. */
  public EventFeed feed() {
    return feed;
  }

  /**
   * A page of a list. Refuses with EVENTS_NOT_INDEXED, EVENTS_SEARCH_TOO_SLOW, EVENTS_SEARCH_TOO_BROAD,
   * or EVENTS_SEARCH_OVERLOADED.
   */
  public Future<EventPage> search(EventSearch search) {
    return search(search, Function.identity());
  }

  /**
   * The same, as something else.
   *
   * @param form makes it of the page, on the explorer's thread
   */
  public <T> Future<T> search(EventSearch search, Function<EventPage, T> form) {
    long begunNanos = System.nanoTime();
    return onWorker(() -> form.apply(search(search, begunNanos)));
  }

  private EventPage search(EventSearch search, long begunNanos) throws InterruptedException {
    long deadline = begunNanos + options.searchTime().toNanos();
    JournalPosition position = flushed.get();
    return attempt(() -> {
      List<String> missing = awaitIndexed(position, options.indexedWait());
      if (!missing.isEmpty() && !search.partial()) {
        throw notIndexed(missing);
      }
      EntryKeys entryKeys = new EntryKeys(keys.apply(search.filter().tenantId()));
      return new PageSearch(snapshot(), entryKeys, search, deadline).find(missing);
    });
  }

  /**
   * Every record of the events with an id, oldest first, and what holds of them. Refuses as {@link
   * #search(EventSearch)} does.
   *
   * @param source null for all
   */
  public Future<List<FoundRecord>> history(UUID tenantId, @Nullable String source, String id) {
    return onWorker(() -> history(tenantId, source, id, options.indexedWait()));
  }

  private List<FoundRecord> history(
      UUID tenantId, @Nullable String source, String id, Duration wait)
      throws InterruptedException {
    return attempt(() -> {
      requireIndexed(flushed.get(), wait);
      Snapshot snapshot = snapshot();
      EntryKeys entryKeys = new EntryKeys(keys.apply(tenantId));
      SortedSet<RecordPlace> places = PageSearch.idPlaces(snapshot, entryKeys, source, id);
      List<JournaledEvent> records = new ArrayList<>();
      try (RecordReader reader = snapshot.reader()) {
        reader.read(places, (place, record) -> {
          boolean wanted = record.tenantId().equals(tenantId)
              && record.id().equals(id)
              && (source == null || record.source().equals(source));
          if (wanted) {
            records.add(record.copy(place.lane()));
          }
          return true;
        });
      }
      return FoundRecord.of(records, snapshot);
    });
  }

  /**
   * Every record with this id that was on stable storage at the call, oldest first: originals, conflicts,
   * voids and replacements. Blocks; refuses with EVENTS_NOT_INDEXED after minutes.
   *
   * @param source null for all
   */
  public List<JournaledEvent> find(UUID tenantId, @Nullable String source, String id) {
    try {
      return history(tenantId, source, id, ENGINE_WAIT).stream()
          .map(FoundRecord::record)
          .toList();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Receives a record; the view is valid during the call only. */
  @FunctionalInterface
  public interface RecordVisitor {
    void record(int lane, Frame.RecordView record);
  }

  /**
   * Shows every record of a subject within a range of event times, voids, replacements and conflicts too,
   * once each, in any order. Blocks; refuses with EVENTS_NOT_INDEXED after minutes.
   *
   * @param upTo nothing that lies after this in the journal is shown; must be flushed
   */
  public void records(
      UUID tenantId,
      String subject,
      EventFilter.Range range,
      JournalPosition upTo,
      RecordVisitor visitor) {
    try {
      requireIndexed(upTo, ENGINE_WAIT);
      Stretch stretch = attempt(() -> stretch(tenantId, subject, range, null));
      while (!stretch.places().isEmpty()) {
        show(stretch.places(), upTo, (lane, record) -> {
          if (record.tenantId().equals(tenantId) && record.subject().equals(subject)) {
            visitor.record(lane, record);
          }
        });
        EventCursor end = stretch.end();
        stretch = attempt(() -> stretch(tenantId, subject, range, end));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Some places, and where to go on.
   *
   * @param end null when there is none
   */
  private record Stretch(
      SortedSet<RecordPlace> places, @Nullable EventCursor end) {}

  private Stretch stretch(
      UUID tenantId, String subject, EventFilter.Range range, @Nullable EventCursor begin) {
    EntryKeys entryKeys = new EntryKeys(keys.apply(tenantId));
    DescendingEntries entries = new DescendingEntries(Section.SUBJECT, range.fromNanos());
    DescendingEntries.Below below = begin == null
        ? new DescendingEntries.Below(range.toNanos() - 1, Integer.MAX_VALUE, Long.MAX_VALUE)
        : begin.below();
    List<Long> wanted = List.of(entryKeys.subject(subject));
    snapshot().forEachPart((lane, part) -> entries.add(lane, part, wanted, below));
    SortedSet<RecordPlace> places = new TreeSet<>();
    EventCursor end = null;
    while (places.size() < RECORDS_AT_ONCE && entries.next()) {
      places.add(entries.place());
      end = new EventCursor(
          entries.timeNanos(), entries.place().lane(), entries.place().sequence());
    }
    return new Stretch(places, end);
  }

  /** Shows records in the order of their places, each once, whatever has to be tried again. */
  private void show(SortedSet<RecordPlace> places, JournalPosition upTo, RecordVisitor visitor)
      throws InterruptedException {
    List<RecordPlace> shown = new ArrayList<>();
    attempt(() -> {
      SortedSet<RecordPlace> rest = new TreeSet<>(places);
      rest.removeAll(shown);
      rest.removeIf(place -> place.sequence() > upTo.sequence(place.lane()));
      try (RecordReader reader = snapshot().reader()) {
        return reader.read(rest, (place, record) -> {
          shown.add(place);
          visitor.record(place.lane(), record);
          return true;
        });
      }
    });
  }

  private Snapshot snapshot() {
    return new Snapshot(indexer.views(), lane -> indexer.lane(lane).files());
  }

  /** Work that finds a damaged run is done again, once the run is built anew. */
  private <T> T attempt(Work<T> work) throws InterruptedException {
    boolean refreshed = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return work.run();
      } catch (RunDamaged e) {
        indexer.report(e);
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (JournalCorrupt e) {
        if (refreshed) {
          throw e;
        }
        // A cycle may have been deleted since the index last looked.
        indexer.refresh();
        refreshed = true;
      }
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws InterruptedException;
  }

  private void requireIndexed(JournalPosition position, Duration wait) throws InterruptedException {
    List<String> missing = awaitIndexed(position, wait);
    if (!missing.isEmpty()) {
      throw notIndexed(missing);
    }
  }

  /** What is not indexed in spite of waiting. */
  private List<String> awaitIndexed(JournalPosition position, Duration wait)
      throws InterruptedException {
    return indexer.await(position, System.nanoTime() + wait.toNanos())
        ? List.of()
        : indexer.missing();
  }

  private static Refusal notIndexed(List<String> missing) {
    String shown = String.join(", ", missing.subList(0, Math.min(MISSING_SHOWN, missing.size())));
    return new Refusal(
        MeteringError.EVENTS_NOT_INDEXED,
        "The index of events is being built; still missing: %s%s. Try again shortly, or ask with"
                .formatted(shown, missing.size() > MISSING_SHOWN ? " and more" : "")
            + " partial=true for what is there.");
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for the index", e);
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    if (searches.incrementAndGet() > options.searchesMax()) {
      searches.decrementAndGet();
      return Future.failedFuture(new Refusal(
          MeteringError.EVENTS_SEARCH_OVERLOADED,
          "Too many searches for events are waiting; try again shortly."));
    }
    return workers.executeBlocking(work, false).onComplete(done -> searches.decrementAndGet());
  }

  /** How far the journal is indexed, gaps aside. */
  public JournalPosition indexedTo() {
    return indexer.indexedTo();
  }

  /** Waits until everything up to a position is indexed; false when it was not in time. */
  public boolean awaitIndexedTo(JournalPosition position, Duration timeout)
      throws InterruptedException {
    return indexer.await(position, System.nanoTime() + timeout.toNanos());
  }

  /** What is not indexed yet, in words. */
  public List<String> missing() {
    return indexer.missing();
  }

  /** Flushed records that are not indexed yet; those of missing runs are not counted. */
  public long lag() {
    return indexer.lag();
  }

  /** Index runs on disk. */
  public int runs() {
    return indexer.size().runs();
  }

  /** Bytes of all index runs. */
  public long runBytes() {
    return indexer.size().bytes();
  }

  /** Why a lane is not indexed any further, if there is one. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(indexer.failure());
  }

  /**
   * Ends live streams and leaves off what can wait; from now on nobody waits more than seconds for the
   * index. Events are still found.
   */
  public void tellToStop() {
    feed.close();
    indexer.tellToStop();
  }

  /** Ends searches and live streams, then writes what is gathered. Blocks. */
  public void stop() throws InterruptedException {
    tellToStop();
    workers.close();
    indexer.stop();
  }
}
