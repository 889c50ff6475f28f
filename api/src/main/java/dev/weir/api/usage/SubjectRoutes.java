package dev.weir.api.usage;

import dev.weir.api.http.Answers;
import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.metering.database.Database;
import dev.weir.metering.detail.UsageQueries;
import dev.weir.metering.meter.MeterStore;
import dev.weir.metering.usage.UsageQuery;
import dev.weir.metering.usage.UsageStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/meters/:id/subjects}: which subjects have used a meter, at all or in a range, in
 * order.
 */
public final class SubjectRoutes {

  /** Most subjects in one answer; {@code after} the last of them asks for more. */
  private static final int SUBJECTS_MAX = 10_000;

  private final Database database;
  private final UsageQueries usage;
  private final MeterStore meters = new MeterStore();
  private final UsageStore store = new UsageStore();

  public SubjectRoutes(Database database, UsageQueries usage) {
    this.database = database;
    this.usage = usage;
  }

  public void mount(Router router) {
    router.get("/api/v1/meters/:id/subjects").handler(this::list);
  }

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    UsageRequest range = UsageRequest.ofParameters(context.queryParams());
    String idOrKey = context.pathParam("id");
    Future<List<String>> subjects = range.from() == null && range.to() == null
        ? all(caller.tenantId(), idOrKey, range.after())
        : ofRange(caller.tenantId(), idOrKey, range);
    subjects.onSuccess(found -> Answers.write(context, 200, found)).onFailure(context::fail);
  }

  private Future<List<String>> all(UUID tenantId, String idOrKey, @Nullable String after) {
    return database.inTenant(
        tenantId,
        connection -> meters
            .find(connection, tenantId, idOrKey)
            .compose(meter -> store.subjects(connection, meter, after, SUBJECTS_MAX)));
  }

  /** Costs as much as the usage by subject. */
  private Future<List<String>> ofRange(UUID tenantId, String idOrKey, UsageRequest range) {
    return usage
        .query(
            tenantId,
            idOrKey,
            meter -> new UsageQuery(
                meter,
                range.from(),
                range.to(),
                Set.of(),
                Map.of(),
                List.of(),
                true,
                null,
                ZoneOffset.UTC))
        .map(answer ->
            answer.rows().stream().map(row -> String.valueOf(row.subject())).toList());
  }
}
