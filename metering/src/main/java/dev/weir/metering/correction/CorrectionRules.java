package dev.weir.metering.correction;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.VoidedRecord;
import dev.weir.metering.json.Json;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a correction applies to. Pure. */
final class CorrectionRules {

  private CorrectionRules() {}

  /**
   * @param source of the event
   * @param live the record that counts now; null when it was voided
   * @param timeNanos where a replacement without a time of its own belongs: where the event was
   */
  record Target(String source, @Nullable JournaledEvent live, long timeNanos) {}

  /** Finds the record that counts; refuses an event that is unknown or not named unambiguously. */
  static Target target(Correction correction, List<JournaledEvent> history) {
    List<JournaledEvent> counted =
        history.stream().filter(e -> !e.isConflict() && !e.isVoid()).toList();
    if (counted.isEmpty()) {
      throw new Refusal(
          MeteringError.EVENT_NOT_FOUND,
          "id",
          "There is no event '%s'%s; only what was accepted can be corrected."
              .formatted(
                  correction.id(),
                  correction.source() == null ? "" : " of source '" + correction.source() + "'"));
    }
    Set<String> sources =
        counted.stream().map(JournaledEvent::source).collect(Collectors.toCollection(TreeSet::new));
    if (sources.size() > 1) {
      throw new Refusal(
          MeteringError.EVENT_AMBIGUOUS,
          "source",
          "Events of several sources have the id '%s'; name one of %s as 'source'."
              .formatted(correction.id(), sources));
    }
    Set<String> voided = history.stream()
        .filter(JournaledEvent::isVoid)
        .map(CorrectionRules::voids)
        .collect(Collectors.toCollection(HashSet::new));
    List<JournaledEvent> live =
        counted.stream().filter(e -> !voided.contains(e.position())).toList();
    JournaledEvent chosen = chosen(correction, counted, live);
    JournaledEvent latest = chosen == null ? counted.get(counted.size() - 1) : chosen;
    return new Target(sources.iterator().next(), chosen, latest.timeNanos());
  }

  private static @Nullable JournaledEvent chosen(
      Correction correction, List<JournaledEvent> counted, List<JournaledEvent> live) {
    String position = correction.position();
    if (position != null) {
      if (counted.stream().noneMatch(e -> e.position().equals(position))) {
        throw new Refusal(
            MeteringError.EVENT_NOT_FOUND,
            "position",
            "The event '%s' has no record at position %s; it has %s."
                .formatted(correction.id(), position, positions(counted)));
      }
      return live.stream()
          .filter(e -> e.position().equals(position))
          .findFirst()
          .orElse(null);
    }
    if (live.size() > 1) {
      throw new Refusal(
          MeteringError.EVENT_AMBIGUOUS,
          "position",
          "The id '%s' was used again after the deduplication horizon; name one of %s as 'position'."
              .formatted(correction.id(), positions(live)));
    }
    return live.isEmpty() ? null : live.get(0);
  }

  private static List<String> positions(List<JournaledEvent> events) {
    return events.stream().map(JournaledEvent::position).toList();
  }

  private static String voids(JournaledEvent event) {
    VoidedRecord voided = VoidedRecord.of(event.extensions());
    return voided == null ? "" : voided.position();
  }

  /** What the void of a record says of itself. */
  static String about(JournaledEvent live, Correction correction, String author) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put(VoidedRecord.ATTRIBUTE, live.position());
    about.put("reason", correction.reason());
    about.put("author", author);
    return Json.text(about);
  }
}
