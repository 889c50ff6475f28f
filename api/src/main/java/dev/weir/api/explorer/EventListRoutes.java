package dev.weir.api.explorer;

import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.api.usage.CustomerSubjects;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.MeteringError;
import dev.weir.metering.Refusal;
import dev.weir.metering.explorer.EventCursor;
import dev.weir.metering.explorer.EventPage;
import dev.weir.metering.explorer.EventSearch;
import dev.weir.metering.explorer.FoundRecord;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/events}: journaled events, the newest first by event time, as a plain array; the
 * next page is named in the {@code Link} header. {@code GET /api/v1/events/:id}: every record of an event,
 * with conflicting payloads and corrections.
 *
 * <p>Both find everything that was acknowledged before the request, or are refused: with {@code
 * partial=true} a list leaves out what is not indexed yet and says so in {@code Weir-Not-Indexed}, and a
 * search that takes long ends its page early. A page also ends early at 8 MiB of data. Duplicates and
 * rejected events are not journaled, so they are not found; their verdicts were in the answer to the
 * request that brought them. Data is given as it was sent.
 */
public final class EventListRoutes {

  private static final int MISSING_SHOWN = 10;

  private final MeteringEngine engine;
  private final EventFilters filters;

  public EventListRoutes(MeteringEngine engine, CustomerSubjects customers) {
    this.engine = engine;
    this.filters = new EventFilters(engine.database(), customers);
  }

  public void mount(Router router) {
    router.get("/api/v1/events").handler(this::list);
    router.get("/api/v1/events/:id").handler(this::history);
  }

  /** A page and its JSON. */
  private record Answer(EventPage page, Buffer body) {}

  private void list(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    MultiMap query = context.queryParams();
    EventParameters parameters = EventParameters.of(query);
    int limit = EventParameters.limit(query);
    EventCursor cursor = EventParameters.cursor(query);
    boolean partial = EventParameters.partial(query);
    filters
        .resolve(caller.tenantId(), parameters)
        .compose(filter -> engine
            .explorer()
            .search(
                new EventSearch(filter, limit, cursor, partial),
                page -> new Answer(page, Buffer.buffer(FoundEventJson.page(page)))))
        .onSuccess(answer -> answer(context, answer))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response().putHeader("Content-Type", "application/json");
    EventCursor next = answer.page().next();
    if (next != null) {
      response.putHeader(
          "Link",
          "<%s?%s>; rel=\"next\"".formatted(context.request().path(), withCursor(context, next)));
    }
    List<String> missing = answer.page().missing();
    if (!missing.isEmpty()) {
      response.putHeader(
          "Weir-Not-Indexed",
          String.join("; ", missing.subList(0, Math.min(MISSING_SHOWN, missing.size()))));
    }
    response.end(answer.body());
  }

  private static String withCursor(RoutingContext context, EventCursor next) {
    StringJoiner query = new StringJoiner("&");
    for (Map.Entry<String, String> parameter : context.queryParams()) {
      if (!parameter.getKey().equals("cursor")) {
        query.add(encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()));
      }
    }
    return query.add("cursor=" + next).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void history(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    String id = context.pathParam("id");
    String source = EventParameters.of(context.queryParams()).source();
    engine
        .explorer()
        .history(caller.tenantId(), source, id)
        .map(records -> Buffer.buffer(history(id, source, records)))
        .onSuccess(body ->
            context.response().putHeader("Content-Type", "application/json").end(body))
        .onFailure(context::fail);
  }

  private static byte[] history(String id, @Nullable String source, List<FoundRecord> records) {
    if (records.isEmpty()) {
      throw new Refusal(
          MeteringError.EVENT_NOT_FOUND,
          "id",
          "No event '%s'%s is journaled; duplicates and rejected events are not."
              .formatted(id, source == null ? "" : " of source '" + source + "'"));
    }
    return FoundEventJson.history(id, records);
  }
}
