package dev.weir.metering.event;

import dev.weir.metering.Invariant;
import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.dedup.IdentityKey;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes records that are not decoded from a request: those of corrections, and copies of journaled ones.
 * Confined to one thread.
 */
public final class RecordWriter {

  /** Corrections mostly come one or some at a time. */
  private static final int BYTES_USUAL = 4 * 1024;

  private final EventBatch batch;
  private final IdentityKey key;
  private final IdentityHash hash = new IdentityHash();

  /**
   * @param key the tenant's
   * @param receivedNanos for corrections, when they were asked for
   */
  public RecordWriter(UUID tenantId, IdentityKey key, long receivedNanos) {
    this.batch = new EventBatch(tenantId, receivedNanos, BYTES_USUAL, true);
    this.key = key;
  }

  /**
   * What a record says.
   *
   * @param flags see the constants of {@link EventBatch}
   * @param extensions a JSON object; empty text for none
   * @param data a JSON object; empty text for none
   */
  public record Content(
      int flags,
      long timeNanos,
      long payloadHash,
      String source,
      String id,
      String type,
      String subject,
      String extensions,
      String data) {}

  /** Adds a record; its texts must have been journaled before, and so be well-formed. */
  public void add(Content content) {
    ByteWriter heads = batch.heads();
    int identityFrom = batch.beginHead(content.flags(), content.timeNanos(), content.payloadHash());
    text(heads, content.source());
    text(heads, content.id());
    hash.hash(key.key0(), key.key1(), heads.array(), identityFrom, heads.size() - identityFrom);
    text(heads, content.type());
    text(heads, content.subject());
    byte[] extensions = content.extensions().getBytes(StandardCharsets.UTF_8);
    heads.putInt(extensions.length);
    heads.putBytes(extensions, 0, extensions.length);
    byte[] data = content.data().getBytes(StandardCharsets.UTF_8);
    batch.putData(data, 0, data.length);
    batch.addRecord(hash.high(), hash.low(), content.payloadHash());
  }

  private static void text(ByteWriter target, String text) {
    Invariant.check(target.putText(text, 0xffff) >= 0, "journaled text is well-formed");
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
        decoded.identityHigh(index), decoded.identityLow(index), decoded.payloadHash(index));
  }

  /** Whether a decoded event has this source and id. */
  public boolean isOf(EventBatch decoded, int index, String source, String id) {
    ByteWriter identity = new ByteWriter(64);
    text(identity, source);
    text(identity, id);
    hash.hash(key.key0(), key.key1(), identity.array(), 0, identity.size());
    return decoded.identityHigh(index) == hash.high() && decoded.identityLow(index) == hash.low();
  }

  /** All records added so far. */
  public EventBatch batch() {
    return batch;
  }
}
