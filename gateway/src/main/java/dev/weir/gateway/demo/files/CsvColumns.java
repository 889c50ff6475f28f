package dev.weir.gateway.demo.files;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user said about the columns of a file; whatever is not said is inferred.
 *
 * @param meters meter key to column name, in the order given
 * @param groupBy dimension to column name, in the order given
 * @param zone of times without an offset
 */
public record CsvColumns(
    @Nullable String time,
    @Nullable String subject,
    @Nullable String id,
    Map<String, String> meters,
    Map<String, String> groupBy,
    ZoneId zone) {

  public static final CsvColumns INFERRED =
      new CsvColumns(null, null, null, Map.of(), Map.of(), ZoneOffset.UTC);

  public CsvColumns {
    meters = Collections.unmodifiableMap(new LinkedHashMap<>(meters));
    groupBy = Collections.unmodifiableMap(new LinkedHashMap<>(groupBy));
  }
}
