package dev.weir.metering.explorer;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.explorer.run.EntryKeys;
import dev.weir.metering.explorer.run.EntryTags;
import dev.weir.metering.explorer.run.Key;
import dev.weir.metering.explorer.run.Section;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.VoidedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds one page. Entries propose records, in the order of the list and some at a time; these are read
 * in the order of the journal and compared with the filter. Confined to one thread.
 */
final class PageSearch {

  /** Data of a page, after which it ends early. */
  static final int PAGE_BYTES_MAX = 8 << 20;

  /** Records of one id that are looked at. */
  static final int ID_RECORDS_MAX = 10_000;

  private static final int BATCH_MIN = 64;
  private static final int BATCH_MAX = 2_048;
  private static final int ENTRIES_BETWEEN_CLOCKS = 4_096;

  /** What reading one batch may take beyond the deadline; more when cycles come from an archive. */
  private static final long BATCH_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final Comparator<FoundEvent> NEWEST_FIRST = Comparator.<FoundEvent>comparingLong(
          found -> found.event().timeNanos())
      .thenComparing(found -> found.event().lane())
      .thenComparing(found -> found.event().sequence())
      .reversed();

  private final Snapshot snapshot;
  private final EntryKeys keys;
  private final EventSearch search;
  private final EventFilter filter;
  private final long deadlineNanos;

  private final List<FoundEvent> found = new ArrayList<>();
  private final List<Candidate> pending = new ArrayList<>();
  private long foundBytes;
  private boolean full;
  private boolean timeUp;

  /** Where the last event taken stands. */
  private @Nullable EventCursor taken;

  /** Where the last candidate stands that was looked at. */
  private @Nullable EventCursor checked;

  /** Where the entries stood when the time was up; what lies before are candidates. */
  private @Nullable EventCursor proposed;

  /** A record that an entry proposes. */
  private record Candidate(RecordPlace place, long timeNanos) {
    EventCursor cursor() {
      return new EventCursor(timeNanos, place.lane(), place.sequence());
    }
  }

  /**
   * @param keys of the tenant
   * @param deadlineNanos by {@link System#nanoTime}
   */
  PageSearch(Snapshot snapshot, EntryKeys keys, EventSearch search, long deadlineNanos) {
    this.snapshot = snapshot;
    this.keys = keys;
    this.search = search;
    this.filter = search.filter();
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Finds the page.
   *
   * @param missing what the snapshot does not tell of
   */
  EventPage find(List<String> missing) {
    if (filter.isContradictory()) {
      return new EventPage(List.of(), null, missing);
    }
    try (RecordReader reader = snapshot.reader()) {
      if (filter.id() != null) {
        findById(reader, filter.id());
      } else {
        findByTime(reader);
      }
    }
    return new EventPage(found, full ? taken : timeUp ? cut() : null, missing);
  }

  /** How far everything was looked at. */
  private EventCursor cut() {
    EventCursor cut = pending.isEmpty() && proposed != null ? proposed : checked;
    if (cut == null) {
      throw tooSlow();
    }
    return cut;
  }

  private void findById(RecordReader reader, String id) {
    SortedSet<RecordPlace> places = idPlaces(snapshot, keys, filter.source(), id);
    List<FoundEvent> events = new ArrayList<>();
    reader.read(places, (place, record) -> {
      if (!record.isVoid() && filter.matches(record)) {
        events.add(new FoundEvent(record.copy(place.lane()), EventVerdict.ACCEPTED));
      }
      return true;
    });
    Map<RecordPlace, JournaledEvent> read = new HashMap<>();
    events.forEach(event -> read.put(place(event.event()), event.event()));
    Map<RecordPlace, EventVerdict> verdicts = verdicts(read);
    events.sort(NEWEST_FIRST);
    for (FoundEvent event : events) {
      EventVerdict verdict = verdicts.get(place(event.event()));
      if (verdict != null && isWanted(verdict) && isAfterCursor(event.event()) && !full) {
        take(event.event(), verdict, cursor(event.event()));
      }
    }
  }

  /** All records that may be of an event. */
  static SortedSet<RecordPlace> idPlaces(
      Snapshot snapshot, EntryKeys keys, @Nullable String source, String id) {
    Key low = source == null ? keys.firstWithId(id) : Key.first(keys.identity(source, id));
    Key high = source == null ? keys.lastWithId(id) : Key.last(keys.identity(source, id));
    SortedSet<RecordPlace> places = snapshot.places(Section.IDENTITY, low, high, ID_RECORDS_MAX);
    if (places.size() > ID_RECORDS_MAX) {
      throw new Refusal(
          MeteringError.EVENTS_SEARCH_TOO_BROAD,
          "id",
          "More than %d records have the id '%s'; name the 'source' as well."
              .formatted(ID_RECORDS_MAX, id));
    }
    return places;
  }

  private static RecordPlace place(JournaledEvent event) {
    return new RecordPlace(event.lane(), event.sequence());
  }

  private static EventCursor cursor(JournaledEvent event) {
    return new EventCursor(event.timeNanos(), event.lane(), event.sequence());
  }

  private boolean isAfterCursor(JournaledEvent event) {
    EventCursor after = search.after();
    return after == null
        || event.timeNanos() < after.timeNanos()
        || (event.timeNanos() == after.timeNanos()
            && place(event).compareTo(new RecordPlace(after.lane(), after.sequence())) < 0);
  }

  private void findByTime(RecordReader reader) {
    DescendingEntries entries = entries();
    int batch = Math.max(BATCH_MIN, Math.min(BATCH_MAX, search.limit()));
    boolean more = true;
    while (!full && !timeUp && (more || !pending.isEmpty())) {
      more = more && propose(entries, batch);
      int tried = Math.min(pending.size(), batch);
      while (tried > 0 && !check(reader, pending.subList(0, tried))) {
        // The records of these are too large to be held together.
        tried = Math.max(1, tried / 2);
      }
      pending.subList(0, tried).clear();
      batch = Math.min(BATCH_MAX, batch * 2);
      if (!full && (more || !pending.isEmpty())) {
        timeUp = timeUp || isTimeUp();
      }
    }
  }

  private DescendingEntries entries() {
    Set<String> subjects = filter.subjects();
    boolean rare = filter.verdict() != null && filter.verdict() != EventVerdict.ACCEPTED;
    Section section = subjects != null ? Section.SUBJECT : rare ? Section.EXCEPTION : Section.TIME;
    Collection<Long> wanted = subjects == null
        ? List.of(keys.tenant())
        : subjects.stream().map(keys::subject).distinct().toList();
    DescendingEntries entries = new DescendingEntries(section, filter.event().fromNanos());
    DescendingEntries.Below below = below();
    snapshot.forEachPart((lane, part) -> {
      boolean received = part.times().lastReceived() >= filter.received().fromNanos()
          && part.times().firstReceived() < filter.received().toNanos();
      // What took an event back was received later than the event.
      if (received || rare) {
        entries.add(lane, part, wanted, below);
      }
    });
    return entries;
  }

  private DescendingEntries.Below below() {
    DescendingEntries.Below end = new DescendingEntries.Below(
        filter.event().toNanos() - 1, Integer.MAX_VALUE, Long.MAX_VALUE);
    EventCursor after = search.after();
    return after == null || after.timeNanos() > end.timeNanos() ? end : after.below();
  }

  /** Adds candidates until there are enough; false when there are no more. */
  private boolean propose(DescendingEntries entries, int enough) {
    String type = filter.onlyType();
    int typeHash = type == null ? 0 : keys.type(type);
    for (int seen = 1; pending.size() < enough; seen++) {
      if (!entries.next()) {
        return false;
      }
      int tag = entries.tag();
      if (isWanted(tag) && (type == null || EntryTags.mayBeOf(tag, typeHash))) {
        pending.add(new Candidate(entries.place(), entries.timeNanos()));
      }
      if (seen % ENTRIES_BETWEEN_CLOCKS == 0 && isTimeUp()) {
        proposed = new Candidate(entries.place(), entries.timeNanos()).cursor();
        return false;
      }
    }
    return true;
  }

  private boolean isTimeUp() {
    if (System.nanoTime() - deadlineNanos < 0) {
      return false;
    }
    if (!search.partial()) {
      throw tooSlow();
    }
    timeUp = true;
    return true;
  }

  private static Refusal tooSlow() {
    return new Refusal(
        MeteringError.EVENTS_SEARCH_TOO_SLOW,
        "Looking for these events takes too long; name a subject, or a shorter range of time, or ask"
            + " with partial=true for what is found in time.");
  }

  /** Whether a record with this tag may lead to a wanted event. */
  private boolean isWanted(int tag) {
    EventVerdict verdict = filter.verdict();
    if (verdict == null) {
      return !EntryTags.isVoid(tag);
    }
    return switch (verdict) {
      case ACCEPTED -> !EntryTags.isVoid(tag) && !EntryTags.isConflict(tag);
      case CONFLICT -> EntryTags.isConflict(tag);
      case VOIDED -> EntryTags.isVoid(tag) && !EntryTags.isReplaced(tag);
      case REPLACED -> EntryTags.isVoid(tag) && EntryTags.isReplaced(tag);
    };
  }

  private boolean isWanted(EventVerdict verdict) {
    return filter.verdict() == null || filter.verdict() == verdict;
  }

  /** Reads candidates and takes those that match; false when they are too large together. */
  private boolean check(RecordReader reader, List<Candidate> candidates) {
    Map<RecordPlace, JournaledEvent> read = new HashMap<>();
    SortedSet<RecordPlace> places = new TreeSet<>();
    candidates.forEach(candidate -> places.add(candidate.place()));
    boolean voids =
        filter.verdict() == EventVerdict.VOIDED || filter.verdict() == EventVerdict.REPLACED;
    boolean fits = voids ? readVoided(reader, places, read) : read(reader, places, read);
    if (!fits && candidates.size() > 1) {
      return false;
    }
    Map<RecordPlace, EventVerdict> verdicts = verdicts(read);
    for (Candidate candidate : candidates) {
      JournaledEvent event = read.get(candidate.place());
      EventVerdict verdict = event == null ? null : verdicts.get(candidate.place());
      if (event != null && verdict != null && isWanted(verdict)) {
        take(event, verdict, candidate.cursor());
      }
      if (full) {
        return true;
      }
      checked = candidate.cursor();
    }
    return true;
  }

  private boolean read(
      RecordReader reader, SortedSet<RecordPlace> places, Map<RecordPlace, JournaledEvent> read) {
    long[] bytes = {0};
    return reader.read(places, (place, record) -> {
      if (System.nanoTime() - deadlineNanos > BATCH_NANOS) {
        throw tooSlow();
      }
      if (filter.matches(record)) {
        read.put(place, record.copy(place.lane()));
        bytes[0] += record.dataLength();
      }
      return places.size() == 1 || bytes[0] <= PAGE_BYTES_MAX;
    });
  }

  /** Reads what voids took back; the result is by the place of the void. */
  private boolean readVoided(
      RecordReader reader, SortedSet<RecordPlace> places, Map<RecordPlace, JournaledEvent> read) {
    Map<RecordPlace, RecordPlace> voids = new HashMap<>();
    reader.read(places, (place, record) -> {
      RecordPlace voided = record.tenantId().equals(filter.tenantId())
          ? RecordPlace.of(VoidedRecord.of(record))
          : null;
      if (voided != null) {
        voids.put(voided, place);
      }
      return true;
    });
    Map<RecordPlace, JournaledEvent> events = new HashMap<>();
    boolean fits = read(reader, new TreeSet<>(voids.keySet()), events);
    events.forEach((voided, event) -> {
      RecordPlace place = voids.get(voided);
      if (place != null) {
        read.put(place, event);
      }
    });
    return fits;
  }

  /** What holds of events; by the same places. */
  private Map<RecordPlace, EventVerdict> verdicts(Map<RecordPlace, JournaledEvent> events) {
    SortedSet<RecordPlace> counted = new TreeSet<>();
    events.values().stream()
        .filter(event -> !event.isConflict())
        .forEach(event -> counted.add(place(event)));
    Map<RecordPlace, Snapshot.Voiding> voidings = snapshot.voidings(counted);
    Map<RecordPlace, EventVerdict> verdicts = new HashMap<>();
    events.forEach(
        (place, event) -> verdicts.put(place, verdict(event, voidings.get(place(event)))));
    return verdicts;
  }

  static EventVerdict verdict(JournaledEvent event, Snapshot.@Nullable Voiding voiding) {
    if (event.isConflict()) {
      return EventVerdict.CONFLICT;
    }
    if (voiding == null) {
      return EventVerdict.ACCEPTED;
    }
    return EntryTags.isReplaced(voiding.tag()) ? EventVerdict.REPLACED : EventVerdict.VOIDED;
  }

  private void take(JournaledEvent event, EventVerdict verdict, EventCursor cursor) {
    long bytes = event.data().length();
    if (!found.isEmpty() && foundBytes + bytes > PAGE_BYTES_MAX) {
      full = true;
      return;
    }
    found.add(new FoundEvent(event, verdict));
    foundBytes += bytes;
    taken = cursor;
    full = found.size() == search.limit();
  }
}
