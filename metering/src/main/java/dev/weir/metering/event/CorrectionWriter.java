package dev.weir.metering.event;

import dev.weir.metering.Invariant;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes the records of corrections into one batch. Confined to one thread. */
public final class CorrectionWriter {

  private final EventBatch batch;
  private final IdentityKey key;
  private final IdentityHash hash = new IdentityHash();

  /**
   * @param key the tenant's
   * @param receivedNanos when the correction was asked for
   */
  public CorrectionWriter(UUID tenantId, IdentityKey key, long receivedNanos) {
    this.batch = new EventBatch(tenantId, receivedNanos, true);
    this.key = key;
  }

  /**
   * A record to take back, as it was journaled.
   *
   * @param about what is said of the correction, a JSON object
   * @param data as journaled; empty when the event had none
   */
  public record Voided(
      boolean timeGiven,
      long timeNanos,
      long payloadHash,
      String source,
      String id,
      String type,
      String subject,
      String about,
      String data) {}

  /** Adds the record that takes an earlier one back. */
  public void addVoid(Voided event) {
    ByteWriter heads = batch.heads();
    heads.putByte(EventBatch.FLAG_VOID | (event.timeGiven() ? EventBatch.FLAG_TIME_GIVEN : 0));
    heads.putLong(event.timeNanos());
    heads.putLong(event.payloadHash());
    int identityFrom = heads.size();
    text(event.source());
    text(event.id());
    hash.hash(key.key0(), key.key1(), heads.array(), identityFrom, heads.size() - identityFrom);
    text(event.type());
    text(event.subject());
    byte[] about = event.about().getBytes(StandardCharsets.UTF_8);
    heads.putInt(about.length);
    heads.putBytes(about, 0, about.length);
    byte[] data = event.data().getBytes(StandardCharsets.UTF_8);
    heads.putInt(data.length);
    if (data.length > 0) {
      batch.datas().putBytes(data, 0, data.length);
      batch.datas().putByte('\n');
    }
    batch.addRecord(event.id(), hash.high(), hash.low(), event.payloadHash());
  }

  private void text(String text) {
    Invariant.check(batch.heads().putText(text, 0xffff) >= 0, "journaled text is well-formed");
  }

  /** Adds an event that was decoded by itself, as the one that counts from now on. */
  public void addReplacement(EventBatch decoded, int index) {
    ByteWriter heads = batch.heads();
    int from = decoded.headFrom(index);
    int flagsAt = heads.size();
    heads.putBytes(decoded.headBytes(), from, decoded.headTo(index) - from);
    heads.array()[flagsAt] |= EventBatch.FLAG_REPLACEMENT;
    int dataFrom = decoded.dataFrom(index);
    batch.datas().putBytes(decoded.dataBytes(), dataFrom, decoded.dataTo(index) - dataFrom);
    batch.addRecord(
        String.valueOf(decoded.id(index)),
        decoded.identityHigh(index),
        decoded.identityLow(index),
        decoded.payloadHash(index));
  }

  /** Whether a decoded event has this source and id. */
  public boolean isOf(EventBatch decoded, int index, String source, String id) {
    ByteWriter identity = new ByteWriter(64);
    Invariant.check(
        identity.putText(source, 0xffff) >= 0 && identity.putText(id, 0xffff) >= 0,
        "journaled text is well-formed");
    hash.hash(key.key0(), key.key1(), identity.array(), 0, identity.size());
    return decoded.identityHigh(index) == hash.high() && decoded.identityLow(index) == hash.low();
  }

  /** All records added so far. */
  public EventBatch batch() {
    return batch;
  }
}
