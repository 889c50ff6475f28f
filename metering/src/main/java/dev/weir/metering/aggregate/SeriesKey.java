package dev.weir.metering.aggregate;

import dev.weir.metering.dedup.IdentityHash;
import dev.weir.metering.event.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * One meter's usage by one subject with one combination of group values, in name order.
 *
 * @param usageId see {@link dev.weir.metering.meter.Meter#usageId}
 */
record SeriesKey(UUID usageId, String subject, List<String> groups) {

  // Any fixed key will do: the hash only shortens what the unique index holds.
  private static final long HASH_KEY_0 = 0x7765697220757361L;
  private static final long HASH_KEY_1 = 0x6765207365726965L;

  /** Sixteen bytes that stand for subject and groups in the unique index. */
  byte[] hash() {
    ByteWriter writer = new ByteWriter(128);
    writer.putText(subject, 0xffff);
    for (String group : groups) {
      writer.putText(group, 0xffff);
    }
    IdentityHash hash = new IdentityHash();
    hash.hash(HASH_KEY_0, HASH_KEY_1, writer.array(), 0, writer.size());
    return ByteBuffer.allocate(16).putLong(hash.high()).putLong(hash.low()).array();
  }
}
