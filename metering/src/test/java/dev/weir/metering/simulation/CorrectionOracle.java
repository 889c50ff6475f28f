package dev.weir.metering.simulation;

import static dev.weir.metering.simulation.Violation.check;

import dev.weir.metering.ErrorCode;
import dev.weir.metering.MeteringError;
import dev.weir.metering.correction.CorrectionAnswer;
import dev.weir.metering.journal.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What must be true of voids and replacements, and of the answers to those who asked for them. */
final class CorrectionOracle {

  private final JournalOracle journal;

  /** Positions of records that were taken back. */
  private final Set<String> voided = new HashSet<>();

  private final Map<Identity, List<Journaled>> replacements = new HashMap<>();

  CorrectionOracle(JournalOracle journal) {
    this.journal = journal;
  }

  /** A void or a replacement is on stable storage. */
  void journaled(Journaled record) {
    if (record.kind() == Journaled.Kind.REPLACEMENT) {
      replacements
          .computeIfAbsent(record.event().identity(), identity -> new ArrayList<>())
          .add(record);
      return;
    }
    check(record.voids() != null, "{} does not say what it takes back", record);
    Journaled target = journal.at(record.voids().lane(), record.voids().sequence());
    check(target != null && target.adds(), "{} takes back what does not count", record);
    check(
        target.event().equals(record.event())
            && target.timeNanos() == record.timeNanos()
            && target.payloadHash() == record.payloadHash(),
        "{} does not carry what it takes back: {}",
        record,
        target);
    check(voided.add(target.position()), "{} is taken back a second time by {}", target, record);
  }

  /** An answer leaves the server: it must be true. */
  void answered(
      SimulatedRequest request, CorrectionAnswer.Outcome outcome, JournalPosition position) {
    SimulatedEvent event = request.events().get(0);
    String voids = outcome.voids();
    if (voids != null) {
      check(
          voided.contains(voids) && position.reaches(JournalPosition.parse(voids, "voids")),
          "{}: {} is said to be taken back, by {}",
          request,
          voids,
          position);
    }
    switch (outcome.verdict()) {
      case VOIDED ->
        check(
            voids != null || counting(event.identity()) == 0,
            "{}: {} is said to be taken back already",
            request,
            event);
      case REPLACED ->
        check(
            adding(event.identity()).anyMatch(record -> record.event().equals(event)),
            "{}: {} is said to count now",
            request,
            event);
      case REJECTED -> rejected(request, outcome, event);
    }
  }

  private void rejected(
      SimulatedRequest request, CorrectionAnswer.Outcome outcome, SimulatedEvent event) {
    boolean taken = !journal.taken(event.identity()).isEmpty();
    ErrorCode code = outcome.rejection().code();
    boolean right = taken && !request.correction().isVoid();
    if (code == MeteringError.EVENT_NOT_FOUND) {
      right = !taken;
    } else if (code == MeteringError.EVENT_AMBIGUOUS) {
      right = counting(event.identity()) > 1;
    }
    check(right, "{}: {} is rejected: {}", request, event, outcome.rejection());
  }

  /** How many records of an identity count now. */
  private long counting(Identity identity) {
    return adding(identity)
        .filter(record -> !voided.contains(record.position()))
        .count();
  }

  /** Everything that ever counted of an identity. */
  private Stream<Journaled> adding(Identity identity) {
    return Stream.concat(
        journal.taken(identity).stream(), replacements.getOrDefault(identity, List.of()).stream());
  }
}
