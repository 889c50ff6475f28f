package dev.weir.api.metering;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.meter.Meter;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageRow;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code GET /api/v1/meters/:id/group-by/:key/values}: the values that a dimension has in a range, in
 * order; the last 24 hours unless {@code from} says otherwise. Costs as much as the usage by that
 * dimension.
 */
public final class GroupValueRoutes {

  private static final Duration RANGE = Duration.ofHours(24);

  private final UsageQueries usage;
  private final InstantSource clock;

  public GroupValueRoutes(UsageQueries usage, InstantSource clock) {
    this.usage = usage;
    this.clock = clock;
  }

  public void mount(Router router) {
    router.get("/api/v1/meters/:id/group-by/:key/values").handler(this::list);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    UsageRequest range = UsageRequest.ofParameters(context.queryParams());
    String dimension = context.pathParam("key");
    usage
        .query(caller.tenantId(), context.pathParam("id"), meter -> query(meter, range, dimension))
        .onSuccess(answer -> Answers.write(context, 200, values(answer.rows(), dimension)))
        .onFailure(context::fail);
  }

  private UsageQuery query(Meter meter, UsageRequest range, String dimension) {
    Instant from = range.from() == null
        ? clock.instant().minus(RANGE).truncatedTo(ChronoUnit.MINUTES)
        : range.from();
    return new UsageQuery(
        meter,
        from,
        range.to(),
        Set.of(),
        Map.of(),
        List.of(dimension),
        false,
        null,
        ZoneOffset.UTC);
  }

  /** Events that lack the dimension give no value. */
  private static List<String> values(List<UsageRow> rows, String dimension) {
    return rows.stream()
        .map(row -> row.groupBy().getOrDefault(dimension, ""))
        .filter(value -> !value.isEmpty())
        .toList();
  }
}
