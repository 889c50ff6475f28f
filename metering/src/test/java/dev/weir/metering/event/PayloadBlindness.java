package dev.weir.metering.event;

/** A planted bug: batches whose payloads all look the same. */
public final class PayloadBlindness {

  private static final int PAYLOAD_HASH_AT = 9;

  private PayloadBlindness() {}

  /** The same events without the hashes of their payloads. */
  public static EventBatch of(EventBatch batch) {
    EventBatch blind = new EventBatch(batch.tenantId(), batch.receivedNanos(), batch.bytes());
    for (int i = 0; i < batch.count(); i++) {
      int head = blind.heads().size();
      blind
          .heads()
          .putBytes(batch.headBytes(), batch.headFrom(i), batch.headTo(i) - batch.headFrom(i));
      blind
          .datas()
          .putBytes(batch.dataBytes(), batch.dataFrom(i), batch.dataTo(i) - batch.dataFrom(i));
      if (batch.verdict(i) == Verdict.REJECTED) {
        int index = i;
        batch.rejections().stream()
            .filter(rejected -> rejected.index() == index)
            .forEach(rejected -> blind.addRejected(batch.id(index), rejected.rejection()));
      } else {
        blind.heads().setInt(head + PAYLOAD_HASH_AT, 0);
        blind.heads().setInt(head + PAYLOAD_HASH_AT + 4, 0);
        blind.addRecord(batch.identityHigh(i), batch.identityLow(i), 0);
      }
    }
    return blind;
  }
}
