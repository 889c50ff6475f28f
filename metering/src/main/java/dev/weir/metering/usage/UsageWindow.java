package dev.weir.metering.usage;

import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one minute of one series comes to: everything that any question about it needs. The same as a row
 * of the database has, for windows that were folded to be asked once.
 *
 * @param groups every dimension of the meter
 * @param minute counted from 1970
 * @param moment the sum of each change times its distance from the window's start, in nanoseconds
 * @param latest the value with the greatest time and, of those, the greatest identity
 * @param latestIdentity source and id as journaled; compared as unsigned bytes
 * @param uniques how often each distinct value occurs, by its 128-bit hash
 * @param values how often each value occurs
 * @param operations how often each operation on a key occurs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a record
public record UsageWindow(
    String subject,
    SortedMap<String, String> groups,
    long minute,
    long events,
    BigDecimal sum,
    BigDecimal moment,
    @Nullable BigDecimal min,
    @Nullable BigDecimal max,
    @Nullable BigDecimal latest,
    long latestNanos,
    byte[] latestIdentity,
    Map<UUID, Long> uniques,
    Map<BigDecimal, Long> values,
    Map<KeyOperation, Long> operations) {

  public UsageWindow {
    groups = new TreeMap<>(groups);
    uniques = Map.copyOf(uniques);
    values = Map.copyOf(values);
    operations = Map.copyOf(operations);
  }
}
