package dev.weir.api.metering;

import dev.weir.api.http.ApiError;
import dev.weir.metering.Quantity;
import dev.weir.metering.Refusal;
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
    String customer = once(parameters, "customer");
    if (range.subjects().isEmpty() && customer == null) {
      throw invalid("subject", "or 'customer' must be given: totals run over the events of one.");
    }
    for (String name : List.of("groupBy", "windowSize", "asOf")) {
      if (parameters.contains(name)) {
        throw invalid(name, "is not offered here; ask the meter's query for it.");
      }
    }
    String cursor = once(parameters, "cursor");
    return new RunningTotalRequest(
        range,
        customer,
        until(once(parameters, "until")),
        limit(once(parameters, "limit")),
        cursor == null ? null : RunningTotalCursor.parse(cursor));
  }

  private static @Nullable String once(MultiMap parameters, String name) {
    List<String> texts = parameters.getAll(name);
    if (texts.size() > 1) {
      throw invalid(name, "may be given once.");
    }
    return texts.isEmpty() || texts.get(0).isEmpty() ? null : texts.get(0);
  }

  private static @Nullable Quantity until(@Nullable String text) {
    if (text == null) {
      return null;
    }
    // Without an exponent, so that its length bounds it.
    if (text.length() > DECIMAL_CHARS_MAX || !text.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw invalid("until", "must be a decimal such as 30 or 0.5.");
    }
    return new Quantity(new BigDecimal(text));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return LIMIT_DEFAULT;
    }
    int limit = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > RunningTotalQuery.LIMIT_MAX) {
      throw invalid(
          "limit", "must be a whole number from 1 to %d.".formatted(RunningTotalQuery.LIMIT_MAX));
    }
    return limit;
  }

  private static Refusal invalid(String name, String fix) {
    return new Refusal(ApiError.QUERY_PARAMETER_INVALID, name, "'%s' %s".formatted(name, fix));
  }

  Set<String> subjects() {
    return range.subjects();
  }

  @Nullable
  String after() {
    return range.after();
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
