package dev.weir.metering.correction;

import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.dedup.IdentityKey;
import dev.weir.metering.event.EventBatch;
import dev.weir.metering.event.EventDecoder;
import dev.weir.metering.event.EventRules;
import dev.weir.metering.event.EventTime;
import dev.weir.metering.event.RecordWriter;
import dev.weir.metering.event.Rejection;
import dev.weir.metering.event.Verdict;
import dev.weir.metering.journal.JournaledEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Works out the records that make corrections come true. One call at a time, as each looks at the last. */
final class CorrectionRecords {

  private final EventDecoder decoder;
  private final Function<UUID, IdentityKey> keys;
  private final Function<UUID, EventRules> rules;
  private final EventHistory history;
  private final InstantSource clock;

  CorrectionRecords(
      EventDecoder decoder,
      Function<UUID, IdentityKey> keys,
      Function<UUID, EventRules> rules,
      EventHistory history,
      InstantSource clock) {
    this.decoder = decoder;
    this.keys = keys;
    this.rules = rules;
    this.history = history;
    this.clock = clock;
  }

  /** The records to write, and what to answer once they are. */
  record Plan(EventBatch batch, List<CorrectionAnswer.Outcome> outcomes) {}

  /** Looks at the journal and blocks on it. */
  Plan plan(Corrections.Author author, List<Correction> corrections) {
    RecordWriter writer = new RecordWriter(
        author.tenantId(), keys.apply(author.tenantId()), EventTime.nanos(clock.instant()));
    List<CorrectionAnswer.Outcome> outcomes = new ArrayList<>();
    Set<String> positions = new HashSet<>();
    for (Correction correction : corrections) {
      try {
        outcomes.add(plan(author, correction, writer, positions));
      } catch (Refusal refusal) {
        outcomes.add(new CorrectionAnswer.Outcome(
            correction.id(),
            correction.source(),
            CorrectionAnswer.Verdict.REJECTED,
            null,
            new Rejection(refusal.code(), refusal.field(), refusal.text())));
      }
    }
    return new Plan(writer.batch(), outcomes);
  }

  private CorrectionAnswer.Outcome plan(
      Corrections.Author author, Correction correction, RecordWriter writer, Set<String> taken) {
    CorrectionRules.Target target = CorrectionRules.target(
        correction, history.find(author.tenantId(), correction.source(), correction.id()));
    String identity = target.source() + "\0" + correction.id();
    if (taken.contains(identity)) {
      throw new Refusal(
          MeteringError.EVENT_AMBIGUOUS,
          "id",
          "The event '%s' is corrected twice in this request; say what holds in the end."
              .formatted(correction.id()));
    }
    JournaledEvent live = target.live();
    EventBatch replacement =
        correction.isVoid() ? null : replacement(author, correction, writer, target);
    boolean same =
        replacement != null && live != null && replacement.payloadHash(0) == live.payloadHash();
    if (live != null && !same) {
      writer.add(voided(live, CorrectionRules.about(live, correction, author.name())));
    }
    if (replacement != null && !same) {
      writer.addReplacement(replacement, 0);
    }
    taken.add(identity);
    return new CorrectionAnswer.Outcome(
        correction.id(),
        target.source(),
        correction.isVoid() ? CorrectionAnswer.Verdict.VOIDED : CorrectionAnswer.Verdict.REPLACED,
        live == null || same ? null : live.position(),
        null);
  }

  /** The new event, checked like any other, with the identity of the old one. */
  private EventBatch replacement(
      Corrections.Author author,
      Correction correction,
      RecordWriter writer,
      CorrectionRules.Target target) {
    EventBatch decoded = decoder.decodeJson(
        String.valueOf(correction.replacement()).getBytes(StandardCharsets.UTF_8),
        new EventDecoder.Sender(
            author.tenantId(),
            keys.apply(author.tenantId()),
            rules.apply(author.tenantId()),
            target.timeNanos()));
    if (decoded.verdict(0) == Verdict.REJECTED) {
      Rejection rejection = decoded.rejections().get(0).rejection();
      throw new Refusal(rejection.code(), inEvent(rejection.field()), rejection.message());
    }
    if (!writer.isOf(decoded, 0, target.source(), correction.id())) {
      throw new Refusal(
          MeteringError.EVENT_FIELD_INVALID,
          "event.id",
          "The new event must have the source '%s' and the id '%s' of the one it replaces."
              .formatted(target.source(), correction.id()));
    }
    return decoded;
  }

  private static @Nullable String inEvent(@Nullable String field) {
    return field == null ? "event" : "event." + field;
  }

  /** A record that carries what it takes back. */
  private static RecordWriter.Content voided(JournaledEvent live, String about) {
    return new RecordWriter.Content(
        EventBatch.FLAG_VOID | (live.flags() & EventBatch.FLAG_TIME_GIVEN),
        live.timeNanos(),
        live.payloadHash(),
        live.source(),
        live.id(),
        live.type(),
        live.subject(),
        about,
        live.data());
  }
}
