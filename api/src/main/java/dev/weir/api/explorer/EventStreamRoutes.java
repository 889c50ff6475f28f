package dev.weir.api.explorer;

import dev.weir.api.http.Caller;
import dev.weir.api.http.Permission;
import dev.weir.api.usage.CustomerSubjects;
import dev.weir.metering.MeteringEngine;
import dev.weir.metering.explorer.EventFeed;
import dev.weir.metering.explorer.EventFilter;
import dev.weir.metering.explorer.FoundEvent;
import dev.weir.metering.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/events/stream}: events as they are journaled, as server-sent events (WHATWG HTML,
 * section 9.2), with the filters of the list. Each has the position as its id:
 *
 * <pre>
 * start    {"position"}                                  once: what is journaled after this will come
 * event    {"event","ingestedAt","storedAt","position","verdict"}  accepted, or conflict
 * voided   {…,"voids","reason","author"}                 an earlier event was taken back
 * replaced {…,"voids","reason","author"}                 the same, and the event after it counts instead
 * dropped  {"count"}                                     the reader was too slow for so many events
 * end      {}                                            the server stops, or the stream is an hour old
 * </pre>
 *
 * A comment every 15 seconds keeps the connection open. What was missed in between is found by the list,
 * with {@code ingestedAtFrom}.
 */
public final class EventStreamRoutes {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** After which a reader must show its credential again. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final Vertx vertx;
  private final MeteringEngine engine;
  private final EventFilters filters;

  public EventStreamRoutes(Vertx vertx, MeteringEngine engine, CustomerSubjects customers) {
    this.vertx = vertx;
    this.engine = engine;
    this.filters = new EventFilters(engine.database(), customers);
  }

  /** Must come before the route of a single event, and outside any bound on the time to answer. */
  public void mount(Router router) {
    router.get("/api/v1/events/stream").handler(this::stream);
  }

  private void stream(RoutingContext context) {
    Caller caller = Caller.of(context, Permission.READ);
    EventParameters parameters = EventParameters.of(context.queryParams());
    filters
        .resolve(caller.tenantId(), parameters)
        .onSuccess(filter -> {
          try {
            new Stream(context.response(), filter).begin();
          } catch (RuntimeException refused) {
            context.fail(refused);
          }
        })
        .onFailure(context::fail);
  }

  /** One reader. Everything but the wake-up runs on the connection's event loop. */
  private final class Stream {
    private final HttpServerResponse response;
    private final Context loop = vertx.getOrCreateContext();
    private final EventFeed.Watch watch;
    private final ArrayDeque<FoundEvent> taken = new ArrayDeque<>();
    private long dropped;
    private long heartbeat = -1;
    private long lifetime = -1;
    private boolean ended;

    Stream(HttpServerResponse response, EventFilter filter) {
      this.response = response;
      this.watch = engine
          .explorer()
          .feed()
          .watch(
              filter,
              () -> loop.runOnContext(ready -> give()),
              () -> loop.runOnContext(stopping -> end()));
    }

    void begin() {
      response
          .setChunked(true)
          .putHeader("Content-Type", "text/event-stream; charset=utf-8")
          .putHeader("Cache-Control", "no-store")
          .putHeader("X-Accel-Buffering", "no")
          // A compressor would hold events back.
          .putHeader("Content-Encoding", "identity");
      response.closeHandler(gone -> close());
      response.exceptionHandler(broken -> close());
      response.drainHandler(drained -> give());
      write("start", null, FoundEventJson.start(watch.from()));
      heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), id -> beat());
      lifetime = vertx.setTimer(LIFETIME.toMillis(), id -> end());
      give();
    }

    private void beat() {
      if (!ended && !response.writeQueueFull()) {
        response.write(": alive\n\n");
      }
    }

    /** Writes as much as the connection takes; the rest waits, and is dropped when it is too much. */
    private void give() {
      while (!ended && !response.writeQueueFull()) {
        FoundEvent next = taken.poll();
        if (next != null) {
          write(
              next.event().isVoid() ? next.verdict().wire() : "event",
              next.event().position(),
              FoundEventJson.line(next));
        } else if (dropped > 0) {
          write("dropped", null, Json.text(Map.of("count", dropped)));
          dropped = 0;
        } else if (!takeMore()) {
          return;
        }
      }
    }

    private boolean takeMore() {
      EventFeed.Batch batch = watch.take();
      taken.addAll(batch.events());
      dropped = batch.dropped();
      return !taken.isEmpty() || dropped > 0;
    }

    private void write(String event, @Nullable String id, String data) {
      response.write(
          "event: %s\n%sdata: %s\n\n".formatted(event, id == null ? "" : "id: " + id + "\n", data));
    }

    private void end() {
      if (!ended) {
        write("end", null, "{}");
        close();
        response.end();
      }
    }

    private void close() {
      ended = true;
      watch.close();
      vertx.cancelTimer(heartbeat);
      vertx.cancelTimer(lifetime);
    }
  }
}
