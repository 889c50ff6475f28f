package dev.weir.metering.correction;

import dev.weir.metering.journal.CycleArchive;
import dev.weir.metering.journal.CycleFile;
import dev.weir.metering.journal.Frame;
import dev.weir.metering.journal.JournalPosition;
import dev.weir.metering.journal.JournaledEvent;
import dev.weir.metering.journal.LaneFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds events by reading the whole journal: slow, and without an index that could be wrong. */
public final class JournalHistory implements EventHistory {

  private final Path journal;

  public JournalHistory(Path journal) {
    this.journal = journal;
  }

  @Override
  public List<JournaledEvent> find(UUID tenantId, String source, String id) {
    return all().stream()
        .filter(e -> e.tenantId().equals(tenantId) && e.id().equals(id))
        .filter(e -> source == null || e.source().equals(source))
        .toList();
  }

  /** Shows a subject's records with an event time in a range. */
  public void visit(
      UUID tenantId,
      String subject,
      long fromNanos,
      long toNanos,
      @Nullable JournalPosition upTo,
      Consumer<JournaledEvent> to) {
    all().stream()
        .filter(e -> e.tenantId().equals(tenantId) && e.subject().equals(subject))
        .filter(e -> e.timeNanos() >= fromNanos && e.timeNanos() < toNanos)
        .filter(e -> upTo == null || e.sequence() <= upTo.sequence(e.lane()))
        .forEach(to);
  }

  /** Every record, lane by lane. */
  public List<JournaledEvent> all() {
    List<JournaledEvent> events = new ArrayList<>();
    for (int i = 0; Files.exists(journal.resolve("lane-" + i)); i++) {
      int lane = i;
      LaneFiles files = LaneFiles.of(journal, lane, CycleArchive.NONE);
      for (int cycle : files.cycles()) {
        try (CycleFile file = files.open(cycle)) {
          for (Frame frame = file.next(); frame != null; frame = file.next()) {
            frame.forEach(record -> events.add(record.copy(lane)));
          }
        }
      }
    }
    return events;
  }
}
