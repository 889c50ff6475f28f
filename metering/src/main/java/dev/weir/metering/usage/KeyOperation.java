package dev.weir.metering.usage;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What an event of a WEIGHTED_UNIQUE_COUNT meter does to a key. Operations are kept one by one, as which of
 * them change anything follows from all of them: any may come late, or be taken back.
 *
 * @param key the 128-bit hash of its text
 * @param timeNanos of the event; not before 1970
 * @param removes whether the key is absent from then on, not present
 * @param countsNanos the time of the change: that of the event, or, by days, the start of its day for a key
 *     that is added and the end of it for one that is removed
 */
public record KeyOperation(UUID key, long timeNanos, boolean removes, long countsNanos)
    implements Comparable<KeyOperation> {

  /** What an event says that adds its key. */
  public static final String ADD = "add";

  /** What an event says that removes its key. */
  public static final String REMOVE = "remove";

  private static final int BYTES = 33;

  /** The order in which operations on one key take effect: by time, then removing last. */
  @Override
  public int compareTo(KeyOperation other) {
    int byTime = Long.compare(timeNanos, other.timeNanos);
    return byTime == 0 ? Boolean.compare(removes, other.removes) : byTime;
  }

  /** The stored form: its bytes sort by key, then as operations take effect. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(key.getMostSignificantBits())
        .putLong(key.getLeastSignificantBits())
        .putLong(timeNanos)
        .put((byte) (removes ? 1 : 0))
        .putLong(countsNanos)
        .array();
  }

  /** What {@link #bytes} has given. */
  public static KeyOperation of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new KeyOperation(
        new UUID(buffer.getLong(), buffer.getLong()),
        buffer.getLong(),
        buffer.get() == 1,
        buffer.getLong());
  }
}
