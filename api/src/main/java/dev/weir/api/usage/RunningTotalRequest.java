package dev.weir.api.usage;

import dev.weir.api.http.QueryParameter;
import dev.weir.metering.Quantity;
import dev.weir.metering.detail.RunningTotalCursor;
import dev.weir.metering.detail.RunningTotalQuery;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import io.vertx.core.MultiMap;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question about running totals as asked over the wire, before meter and customer are known.
 *
 * @param range gives times, subjects, dimensions and form
 * @param customer key or id; it or a subject is given
 */
record RunningTotalRequest(
    UsageRequest range,
    @Nullable String customer,
    @Nullable Quantity until,
    int limit,
    @Nullable RunningTotalCursor cursor) {

  private static final int LIMIT_DEFAULT = 100;
  private static final int DECIMAL_CHARS_MAX = 80;

  static RunningTotalRequest of(MultiMap parameters) {
    UsageRequest range = UsageRequest.ofParameters(parameters);
    String customer = QueryParameter.once(parameters, "customer");
    if (range.subjects().isEmpty() && customer == null) {
      throw QueryParameter.invalid(
          "subject", "or 'customer' must be given: totals run over the events of one.");
    }
    for (String name : List.of("groupBy", "windowSize", "asOf")) {
      if (parameters.contains(name)) {
        throw QueryParameter.invalid(name, "is not offered here; ask the meter's query for it.");
      }
    }
    String cursor = QueryParameter.once(parameters, "cursor");
    return new RunningTotalRequest(
        range,
        customer,
        until(QueryParameter.once(parameters, "until")),
        QueryParameter.number(
            QueryParameter.once(parameters, "limit"),
            "limit",
            LIMIT_DEFAULT,
            RunningTotalQuery.LIMIT_MAX),
        cursor == null ? null : RunningTotalCursor.parse(cursor));
  }

  private static @Nullable Quantity until(@Nullable String text) {
    if (text == null) {
      return null;
    }
    // Without an exponent, so that its length bounds it.
    if (text.length() > DECIMAL_CHARS_MAX || !text.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw QueryParameter.invalid("until", "must be a decimal such as 30 or 0.5.");
    }
    return new Quantity(new BigDecimal(text));
  }

  Set<String> subjects() {
    return range.subjects();
  }

  boolean decimalsAsStrings() {
    return range.decimalsAsStrings();
  }

  /**
   * @param ofSubjects those that the request comes to; none has no events
   */
  RunningTotalQuery toQuery(Meter meter, Set<String> ofSubjects) {
    UsageQuery events = new UsageQuery(
        meter,
        range.from(),
        range.to(),
        ofSubjects,
        range.filterGroupBy(),
        List.of(),
        false,
        null,
        range.zone());
    return new RunningTotalQuery(events, until, limit, cursor);
  }
}
