package dev.weir.metering.correction;

import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventRules;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** The corrections of production without their queue and threads: the caller takes one after the other. */
public final class SimulatedCorrections {

  private final CorrectionRecords records;

  public SimulatedCorrections(
      EventDecoder decoder,
      Function<UUID, IdentityKey> keys,
      Function<UUID, EventRules> rules,
      EventHistory history,
      InstantSource clock) {
    this.records = new CorrectionRecords(decoder, keys, rules, history, clock);
  }

  /**
   * What is to be written, and what to answer then.
   *
   * @param batch empty when nothing is to be written
   */
  public record Planned(EventBatch batch, CorrectionAnswer.Outcome outcome) {}

  /** Looks at the journal, which must hold everything of the correction before. */
  public Planned plan(UUID tenantId, Correction correction) {
    CorrectionRecords.Plan plan =
        records.plan(new Corrections.Author(tenantId, "simulation"), List.of(correction));
    return new Planned(plan.batch(), plan.outcomes().get(0));
  }
}
