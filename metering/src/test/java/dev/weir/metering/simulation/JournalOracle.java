package dev.weir.metering.simulation;

import static dev.weir.metering.simulation.Violation.check;

import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.ingest.IngestAnswer;
import dev.weir.metering.journal.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must be true of the journal and of answers: every record was sent, every identity stands in it
 * once within the horizon, what was durable stays as it was, and no answer says more than the journal.
 */
final class JournalOracle {

  private final SimulatedClock clock;
  private final long horizonSeconds;

  /** Every record ever seen flushed, by lane, in order. */
  private final Map<Integer, List<Journaled>> lanes = new TreeMap<>();

  private final Map<Identity, List<Journaled>> firsts = new HashMap<>();
  private final Map<Identity, List<Journaled>> conflicts = new HashMap<>();

  private final CorrectionOracle corrections = new CorrectionOracle(this);

  /** Records that an answer has called accepted: that happens once. */
  private final Set<Journaled> answered = new HashSet<>();

  JournalOracle(SimulatedClock clock, long horizonSeconds) {
    this.clock = clock;
    this.horizonSeconds = horizonSeconds;
  }

  /** How many records of a lane are known. */
  int known(int lane) {
    return lanes.getOrDefault(lane, List.of()).size();
  }

  /** A record is on stable storage, or is read back after a restart. */
  void durable(Journaled record) {
    List<Journaled> lane = lanes.computeIfAbsent(record.lane(), n -> new ArrayList<>());
    if (record.sequence() <= lane.size()) {
      Journaled before = lane.get((int) record.sequence() - 1);
      check(before.equals(record), "{} is read back as {}", before, record);
      return;
    }
    check(record.sequence() == lane.size() + 1, "{} leaves a gap in its lane", record);
    lane.add(record);
    Identity identity = record.event().identity();
    List<Journaled> before = firsts.computeIfAbsent(identity, i -> new ArrayList<>());
    if (!record.isConflict() && record.kind() != Journaled.Kind.FIRST) {
      corrections.journaled(record);
      return;
    }
    if (record.isConflict()) {
      check(!before.isEmpty(), "{} conflicts with nothing", record);
      check(
          before.stream().anyMatch(first -> !first.event().equals(record.event())),
          "{} has the payload of what it conflicts with",
          record);
      conflicts.computeIfAbsent(identity, i -> new ArrayList<>()).add(record);
      return;
    }
    for (Journaled first : before) {
      check(hasExpired(first), "{} is journaled again as {}", first, record);
    }
    before.add(record);
  }

  long horizonSeconds() {
    return horizonSeconds;
  }

  /** Whether the identity was taken once more after this had expired. */
  boolean isSucceeded(Journaled first) {
    List<Journaled> all = firsts.getOrDefault(first.event().identity(), List.of());
    return !all.get(all.size() - 1).equals(first);
  }

  private boolean hasExpired(Journaled record) {
    long received = record.receivedNanos() / EventTime.NANOS_PER_SECOND;
    return clock.latestSeconds() - received > horizonSeconds;
  }

  /** An answer leaves the server: it must be true now, and stay so. */
  void answered(SimulatedRequest request, IngestAnswer answer) {
    check(answer.batch().count() == request.events().size(), "{}: events are missing", request);
    for (int i = 0; i < answer.batch().count(); i++) {
      SimulatedEvent event = request.events().get(i);
      Verdict verdict = answer.batch().verdict(i);
      List<Journaled> first = firsts.getOrDefault(event.identity(), List.of());
      if (verdict == Verdict.REJECTED) {
        check(event.isDoubtful(), "{} rejects {} without a reason", request, event);
        continue;
      }
      Journaled basis = switch (verdict) {
        case ACCEPTED -> accepted(request, event, first, answer.batch().receivedNanos());
        case DUPLICATE -> find(request, verdict, event, first, true);
        case CONFLICT -> {
          find(request, verdict, event, first, false);
          yield find(
              request, verdict, event, conflicts.getOrDefault(event.identity(), List.of()), true);
        }
        case REJECTED -> throw new IllegalStateException();
      };
      check(
          answer.position().sequence(basis.lane()) >= basis.sequence(),
          "{}: position {} does not include {}",
          request,
          answer.position(),
          basis);
    }
  }

  private Journaled accepted(
      SimulatedRequest request, SimulatedEvent event, List<Journaled> first, long receivedNanos) {
    for (Journaled record : first) {
      if (record.event().equals(event)
          && record.receivedNanos() == receivedNanos
          && answered.add(record)) {
        return record;
      }
    }
    throw new Violation(
        "%s: %s is accepted; journaled are %s, of which the others were accepted before"
            .formatted(request, event, first));
  }

  private static Journaled find(
      SimulatedRequest request,
      Verdict verdict,
      SimulatedEvent event,
      List<Journaled> among,
      boolean same) {
    for (Journaled record : among) {
      if (record.event().equals(event) == same) {
        return record;
      }
    }
    throw new Violation(
        "%s: %s is called %s, but there is only %s".formatted(request, event, verdict, among));
  }

  /** A record that is known; null when there is none there. */
  Journaled at(int lane, long sequence) {
    List<Journaled> all = lanes.getOrDefault(lane, List.of());
    return sequence < 1 || sequence > all.size() ? null : all.get((int) sequence - 1);
  }

  /** The first record of an identity, each time that it was taken. */
  List<Journaled> taken(Identity identity) {
    return firsts.getOrDefault(identity, List.of());
  }

  CorrectionOracle corrections() {
    return corrections;
  }

  /** How many records there are. */
  int records() {
    return lanes.values().stream().mapToInt(List::size).sum();
  }

  /** All records up to a position. */
  List<Journaled> upTo(JournalPosition position) {
    List<Journaled> records = new ArrayList<>();
    lanes.forEach((lane, all) -> {
      long sequence = position.sequence(lane);
      check(
          sequence <= all.size(),
          "the store is at {}:{}, but the journal ends at {}",
          lane,
          sequence,
          all.size());
      records.addAll(all.subList(0, (int) sequence));
    });
    return records;
  }

  /** The first record of every event, in lane order. */
  List<Journaled> firsts() {
    return lanes.values().stream()
        .flatMap(List::stream)
        .filter(record -> record.kind() == Journaled.Kind.FIRST)
        .toList();
  }
}
